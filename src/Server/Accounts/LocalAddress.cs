namespace PerceptionStudy.Server.Accounts;

/// <summary>Where to go after signing in.</summary>
internal static class LocalAddress
{
    /// <summary>The address that was asked for, if it is a path of this server; otherwise the overview. An address such as //elsewhere.org would lead away.</summary>
    public static string Of(string? asked) => asked is ['/', ..] && asked is not ['/', '/' or '\\', ..] ? asked : "/admin";
}
