using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Studies;

/// <summary>A line of the members' page.</summary>
/// <param name="Email">Null while the invitation is not accepted.</param>
/// <param name="InvitedUntil">When an invitation that nobody has accepted ends.</param>
public sealed record MemberLine(Guid Id, Guid? ResearcherId, string? Email, StudyRole Role, DateTimeOffset Since, bool Deactivated, DateTimeOffset? InvitedUntil);

/// <summary>Members of studies: added, given another role, removed. A study always has an owner.</summary>
public sealed class StudyMembers(IDbContextFactory<StudyDb> databases, TimeProvider time)
{
    /// <summary>Members in the order in which they came.</summary>
    public async Task<List<MemberLine>> ListAsync(Guid studyId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.See, cancel);
        return await (
            from member in db.StudyMembers
            where member.StudyId == studyId
            join user in db.Users on member.ResearcherId equals user.Id into accounts
            from account in accounts.DefaultIfEmpty()
            join invitation in db.Invitations on member.InvitationId equals invitation.Id into invitations
            from invited in invitations.DefaultIfEmpty()
            orderby member.Since, member.Id
            select new MemberLine(member.Id, member.ResearcherId, account.Email, member.Role, member.Since, account.DeactivatedAt != null,
                member.ResearcherId == null ? invited.ExpiresAt : null)).ToListAsync(cancel);
    }

    /// <summary>Gives somebody with an account a role.</summary>
    /// <exception cref="RefusedException">Nobody has an account with this address, or the person is a member already.</exception>
    public async Task AddAsync(Guid studyId, string email, StudyRole role, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.ManageMembers, cancel);
        var normalized = email.Trim().ToUpperInvariant();
        var researcher = await db.Users.FirstOrDefaultAsync(u => u.NormalizedEmail == normalized && u.DeactivatedAt == null, cancel)
            ?? throw new RefusedException($"Nobody has an account here as {email.Trim()}: make an invitation link and send it.", Refusal.Missing);
        if (await db.StudyMembers.AnyAsync(m => m.StudyId == studyId && m.ResearcherId == researcher.Id, cancel))
            throw new RefusedException($"{researcher.Email} is a member already: change the role in the list.");
        db.StudyMembers.Add(NewMember(studyId, role, researcher.Id));
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>A link by which somebody makes an account and is a member from then on. Gives its token, which is not kept.</summary>
    public async Task<string> InviteAsync(Guid studyId, StudyRole role, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.ManageMembers, cancel);
        var (invitation, token) = Invitation.New(time.GetUtcNow());
        db.Invitations.Add(invitation);
        db.StudyMembers.Add(NewMember(studyId, role, researcher: null, invitation.Id));
        await db.SaveChangesAsync(cancel);
        return token;
    }

    /// <exception cref="RefusedException">It would leave the study without an owner.</exception>
    public async Task ChangeAsync(Guid studyId, Guid memberId, StudyRole role, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.ManageMembers, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await FindAsync(db, studyId, memberId, cancel);
        var wasOwner = member is { Role: StudyRole.Owner, ResearcherId: not null };
        member.Role = role;
        await db.SaveChangesAsync(cancel);
        if (wasOwner) await KeepAnOwnerAsync(db, studyId, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Removes a member; everybody may leave by themselves. An invitation that is removed makes nobody a member any more.</summary>
    /// <exception cref="RefusedException">It would leave the study without an owner.</exception>
    public async Task RemoveAsync(Guid studyId, Guid memberId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await FindAsync(db, studyId, memberId, cancel);
        if (member.ResearcherId is null || member.ResearcherId != Actor.Current.ResearcherId) await db.DemandAsync(studyId, StudyRight.ManageMembers, cancel);
        db.StudyMembers.Remove(member);
        if (member.ResearcherId is null && await db.Invitations.FindAsync([member.InvitationId], cancel) is { } invitation) db.Invitations.Remove(invitation);
        await db.SaveChangesAsync(cancel);
        if (member is { Role: StudyRole.Owner, ResearcherId: not null }) await KeepAnOwnerAsync(db, studyId, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Makes the member of whom an invitation was for.</summary>
    internal static async Task JoinAsync(StudyDb db, Guid invitationId, Guid researcherId, CancellationToken cancel)
    {
        foreach (var member in await db.StudyMembers.Where(m => m.InvitationId == invitationId && m.ResearcherId == null).ToListAsync(cancel)) member.ResearcherId = researcherId;
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>The row of the person who makes a study; none where the program itself makes it.</summary>
    internal static void AddOwner(StudyDb db, Study study)
    {
        if (Actor.Current.ResearcherId is { } owner)
            db.StudyMembers.Add(new StudyMember { Id = Guid.CreateVersion7(), StudyId = study.Id, ResearcherId = owner, Role = StudyRole.Owner, Since = study.CreatedAt });
    }

    private StudyMember NewMember(Guid studyId, StudyRole role, Guid? researcher, Guid? invitation = null) =>
        new() { Id = Guid.CreateVersion7(), StudyId = studyId, ResearcherId = researcher, InvitationId = invitation, Role = role, Since = time.GetUtcNow() };

    private static async Task<StudyMember> FindAsync(StudyDb db, Guid studyId, Guid memberId, CancellationToken cancel) =>
        await db.StudyMembers.FirstOrDefaultAsync(m => m.Id == memberId && m.StudyId == studyId, cancel)
        ?? throw new RefusedException("This person is no member (any more).", Refusal.Missing);

    // Asked after the change and before it is committed. One transaction at a time writes the audit log, so that two owners cannot remove each other.
    private static async Task KeepAnOwnerAsync(StudyDb db, Guid studyId, CancellationToken cancel)
    {
        if (!await db.StudyMembers.AnyAsync(m => m.StudyId == studyId && m.Role == StudyRole.Owner && db.Users.Any(u => u.Id == m.ResearcherId && u.DeactivatedAt == null), cancel))
            throw new RefusedException("A study needs an owner: make somebody else an owner first.");
    }
}
