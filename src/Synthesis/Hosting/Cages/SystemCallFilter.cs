using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PerceptionStudy.Synthesis.Hosting.Cages;

/// <summary>
/// A filter of system calls (seccomp, a program of the kernel's classic BPF): what reading files and computing never needs is refused, so that a hole in the kernel behind one of
/// these calls cannot be reached from a model or a picture. Everything else is allowed, since runtimes and drivers change what they use.
/// </summary>
internal static class SystemCallFilter
{
    // Names and numbers of the kernel's headers: x86-64, arm64; -1 where an architecture has no such call.
    private static readonly (string Name, int X64, int Arm64)[] Refused =
    [
        // Other processes.
        ("ptrace", 101, 117), ("process_vm_readv", 310, 270), ("process_vm_writev", 311, 271), ("pidfd_getfd", 438, 438),
        // File systems and namespaces.
        ("mount", 165, 40), ("umount2", 166, 39), ("pivot_root", 155, 41), ("chroot", 161, 51), ("unshare", 272, 97), ("setns", 308, 268), ("open_tree", 428, 428), ("move_mount", 429, 429),
        ("fsopen", 430, 430), ("fsconfig", 431, 431), ("fsmount", 432, 432), ("fspick", 433, 433), ("mount_setattr", 442, 442), ("name_to_handle_at", 303, 264), ("open_by_handle_at", 304, 265),
        ("quotactl", 179, 60), ("quotactl_fd", 443, 443), ("swapon", 167, 224), ("swapoff", 168, 225), ("acct", 163, 89),
        // Doors into the kernel that have often stood open.
        ("keyctl", 250, 219), ("add_key", 248, 217), ("request_key", 249, 218), ("bpf", 321, 280), ("perf_event_open", 298, 241), ("userfaultfd", 323, 282),
        ("io_uring_setup", 425, 425), ("io_uring_enter", 426, 426), ("io_uring_register", 427, 427),
        // The machine itself.
        ("kexec_load", 246, 104), ("kexec_file_load", 320, 294), ("init_module", 175, 105), ("finit_module", 313, 273), ("delete_module", 176, 106), ("reboot", 169, 142), ("syslog", 103, 116),
        ("settimeofday", 164, 170), ("clock_settime", 227, 112), ("adjtimex", 159, 171), ("clock_adjtime", 305, 266), ("vhangup", 153, 58), ("iopl", 172, -1), ("ioperm", 173, -1),
    ];

    private const uint Kill = 0x8000_0000, Allow = 0x7FFF_0000, NotPermitted = 0x0005_0000 | 1, NoSuchCall = 0x0005_0000 | 38, NoSuchFamily = 0x0005_0000 | 97;
    private const uint NewUserNamespace = 0x1000_0000, UnixFamily = 1;

    // Offsets in the kernel's struct seccomp_data: number, architecture, low half of the first argument.
    private const uint Number = 0, Architecture = 4, FirstArgument = 16;
    private const ushort Load = 0x20, JumpIfEqual = 0x15, JumpIfAtLeast = 0x35, JumpIfAnySet = 0x45, Return = 0x06;

    /// <summary>Whether the filter knows this machine's numbers.</summary>
    public static bool Fits => RuntimeInformation.ProcessArchitecture is System.Runtime.InteropServices.Architecture.X64 or System.Runtime.InteropServices.Architecture.Arm64;

    /// <summary>The program, as the kernel's array of struct sock_filter.</summary>
    public static byte[] Program()
    {
        var x64 = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64;
        List<(ushort Code, byte True, byte False, uint Value)> steps =
        [
            (Load, 0, 0, Architecture), (JumpIfEqual, 1, 0, x64 ? 0xC000_003E : 0xC000_00B7), (Return, 0, 0, Kill),
            (Load, 0, 0, Number),
        ];
        // Calls of the third kind that x86-64 knows (x32) would pass by the numbers.
        if (x64) steps.AddRange([(JumpIfAtLeast, 0, 1, 0x4000_0000), (Return, 0, 0, NotPermitted)]);
        foreach (var (_, ofX64, ofArm64) in Refused.Where(r => (x64 ? r.X64 : r.Arm64) >= 0))
            steps.AddRange([(JumpIfEqual, 0, 1, (uint)(x64 ? ofX64 : ofArm64)), (Return, 0, 0, NotPermitted)]);
        // Its flags lie in memory, where a filter cannot look: without it libraries take clone.
        steps.AddRange([(JumpIfEqual, 0, 1, 435), (Return, 0, 0, NoSuchCall)]);
        steps.AddRange([(JumpIfEqual, 0, 4, x64 ? 56u : 220), (Load, 0, 0, FirstArgument), (JumpIfAnySet, 0, 1, NewUserNamespace), (Return, 0, 0, NotPermitted), (Return, 0, 0, Allow)]);
        // Sockets between processes of the cage only: families like that of virtual machines know no network namespace.
        steps.AddRange([(JumpIfEqual, 0, 3, x64 ? 41u : 198), (Load, 0, 0, FirstArgument), (JumpIfEqual, 1, 0, UnixFamily), (Return, 0, 0, NoSuchFamily)]);
        steps.Add((Return, 0, 0, Allow));

        var bytes = new byte[8 * steps.Count];
        foreach (var (n, (code, ifTrue, ifFalse, value)) in steps.Index())
        {
            var step = bytes.AsSpan(8 * n, 8);
            BinaryPrimitives.WriteUInt16LittleEndian(step, code);
            (step[2], step[3]) = (ifTrue, ifFalse);
            BinaryPrimitives.WriteUInt32LittleEndian(step[4..], value);
        }
        return bytes;
    }
}
