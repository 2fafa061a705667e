namespace PerceptionStudy.Server.Studies;

/// <summary>What somebody is to a study.</summary>
public enum StudyRole { Owner, Designer, Runner, Analyst, BlindedAnalyst }

/// <summary>What somebody may do with a study.</summary>
public enum StudyRight
{
    /// <summary>See that it is there, its design, its members and its history.</summary>
    See,

    /// <summary>Change the draft; delete it while it was never published.</summary>
    EditDesign,

    /// <summary>Publish, open, pause, close; places.</summary>
    Publish,

    /// <summary>See who takes part and how it runs: no answers.</summary>
    SeeParticipants,

    /// <summary>Leave sessions out, and take them in again.</summary>
    Exclude,

    /// <summary>Links for recruiters, and the ids that recruiters gave.</summary>
    Recruit,

    /// <summary>Balance and timing, before and after the study is closed.</summary>
    SeeQuality,

    /// <summary>Who recognises what.</summary>
    SeeResults,

    /// <summary>Download the data.</summary>
    Export,

    /// <summary>Add members, change their roles, remove them.</summary>
    ManageMembers,
}

/// <summary>The table of roles and rights. An administrator of the installation has every right of an owner.</summary>
public static class StudyRights
{
    private static readonly Dictionary<StudyRight, StudyRole[]> Holders = new()
    {
        [StudyRight.See] = [StudyRole.Owner, StudyRole.Designer, StudyRole.Runner, StudyRole.Analyst, StudyRole.BlindedAnalyst],
        [StudyRight.EditDesign] = [StudyRole.Owner, StudyRole.Designer],
        [StudyRight.Publish] = [StudyRole.Owner, StudyRole.Runner],
        [StudyRight.SeeParticipants] = [StudyRole.Owner, StudyRole.Runner, StudyRole.Analyst, StudyRole.BlindedAnalyst],
        [StudyRight.Exclude] = [StudyRole.Owner, StudyRole.Runner, StudyRole.BlindedAnalyst],
        [StudyRight.Recruit] = [StudyRole.Owner, StudyRole.Runner],
        [StudyRight.SeeQuality] = [StudyRole.Owner, StudyRole.Runner, StudyRole.Analyst, StudyRole.BlindedAnalyst],
        [StudyRight.SeeResults] = [StudyRole.Owner, StudyRole.Analyst, StudyRole.BlindedAnalyst],
        [StudyRight.Export] = [StudyRole.Owner, StudyRole.Analyst, StudyRole.BlindedAnalyst],
        [StudyRight.ManageMembers] = [StudyRole.Owner],
    };

    /// <summary>Whether a role has a right. A blinded analyst has to wait with results and data until the study is closed.</summary>
    public static bool Has(StudyRole role, StudyRight right, bool closed) =>
        Holders[right].Contains(role) && (closed || role != StudyRole.BlindedAnalyst || right is not (StudyRight.SeeResults or StudyRight.Export));

    public static string NameOf(StudyRole role) => role == StudyRole.BlindedAnalyst ? "blinded analyst" : role.ToString().ToLowerInvariant();

    /// <summary>One sentence for the page of members.</summary>
    public static string Describe(StudyRole role) => role switch
    {
        StudyRole.Owner => "Everything, members too.",
        StudyRole.Designer => "Changes the design.",
        StudyRole.Runner => "Publishes, opens and closes, recruits, leaves sessions out; sees how it runs, and no results.",
        StudyRole.Analyst => "Sees results and downloads data.",
        _ => "Sees balance and quality, leaves sessions out; results and data only once the study is closed.",
    };

    /// <summary>What the right is for, to go on after "your role does not let you".</summary>
    public static string Describe(StudyRight right) => right switch
    {
        StudyRight.See => "see this study",
        StudyRight.EditDesign => "change its design",
        StudyRight.Publish => "publish, open or close it",
        StudyRight.SeeParticipants => "see its participants",
        StudyRight.Exclude => "leave sessions out",
        StudyRight.Recruit => "recruit for it",
        StudyRight.SeeQuality => "see how it runs",
        StudyRight.SeeResults => "see its results",
        StudyRight.Export => "download its data",
        _ => "change its members",
    };
}
