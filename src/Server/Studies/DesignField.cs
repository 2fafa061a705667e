namespace PerceptionStudy.Server.Studies;

/// <summary>The fields and groups of fields of the editor, from top to bottom: where a problem is mended.</summary>
public enum DesignField
{
    Title,
    Consent,
    Instructions,
    Thanks,
    Sets,
    Conditions,
    OnDemand,
    Adaptive,
    Trials,
    Stimuli,
    Timing,
    Display,
    Sound,
    Answers,
    Course,
    Order,
    Recruitment,
    Resume,
    Privacy,
    Ends,
    Results,
    Exclusion,
    Models,
    Places,
}
