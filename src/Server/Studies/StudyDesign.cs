using System.Text.Json.Serialization;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Studies;

/// <summary>Everything that decides what a participant meets: one document, frozen at publication.</summary>
public sealed record StudyDesign
{
    /// <summary>Title that participants read.</summary>
    public required string Title { get; init; }

    /// <summary>What they agree to before anything is stored, Markdown (<see cref="ParticipantMarkdown"/>).</summary>
    public required string Consent { get; init; }

    /// <summary>What they read before the practice, Markdown.</summary>
    public required string Instructions { get; init; }

    /// <summary>What they read at the end, above the completion code, Markdown.</summary>
    public required string Thanks { get; init; }

    /// <summary>Whether pictures are shown or sounds played.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<StimulusMedium>))]
    public StimulusMedium Medium { get; init; }

    /// <summary>The categories to choose from, in the order of the response screen.</summary>
    public required string[] Categories { get; init; }

    /// <summary>Natural, and every pair of generating model and stage.</summary>
    public required StudyCondition[] Conditions { get; init; }

    /// <summary>Natural stimuli of the main block: each is shown at most once, in one of the conditions.</summary>
    public required Guid[] NaturalStimuli { get; init; }

    /// <summary>Natural stimuli of the practice: each is shown once; none of them is in the main block.</summary>
    public required Guid[] PracticeStimuli { get; init; }

    /// <summary>Sets that the metamers come from; where two sets hold the same cell, the earlier set counts.</summary>
    public Guid[] MetamerSets { get; init; } = [];

    /// <summary>
    /// Metamers that may be shown: those accepted when the version was published, at most one for each pair of natural stimulus and condition.
    /// Empty in a draft. Where a condition has none for a natural stimulus, the natural stimulus is shown and the trial marked as swapped.
    /// </summary>
    public Guid[] Metamers { get; init; } = [];

    /// <summary>Models that answer the same stimuli for comparison; a published version always holds the generating models.</summary>
    public Guid[] RecognisingModels { get; init; } = [];

    /// <summary>Number of main trials, catch trials not counted.</summary>
    public int MainTrials { get; init; } = 40;

    /// <summary>
    /// Number of catch trials, which everybody who attends gets right: the icon of a category is shown, each at most once; in a study of sounds one of
    /// <see cref="CatchStimuli"/> is played, each at most once.
    /// </summary>
    public int CatchTrials { get; init; }

    /// <summary>Clear sounds to draw the catch trials from: natural stimuli of its categories, none of them in practice or main block. Empty in a study of pictures.</summary>
    public Guid[] CatchStimuli { get; init; } = [];

    /// <summary>Duration of each phase of a trial.</summary>
    public TrialDurations Durations { get; init; } = new();

    /// <summary>How the answers will be analysed, Markdown: frozen with the version, so that it can be shown to have come first.</summary>
    public string AnalysisPlan { get; init; } = "";

    /// <summary>A session that takes longer by estimate is warned of; minutes, null for no warning.</summary>
    public int? LongestMinutes { get; init; } = 60;

    /// <summary>
    /// Stopping rule: enough people have taken part when the 95 % interval of every condition's proportion correct is at most this far to each side;
    /// null for none. Set before the start, so that nobody stops when the figure pleases.
    /// </summary>
    public double? StopAtHalfWidth { get; init; }

    /// <summary>While the study is open its results show only how it runs: nobody sees who recognises what before the last answer is in.</summary>
    public bool BlindUntilClosed { get; init; }

    /// <summary>Which completed sessions enter no proportion.</summary>
    public ExclusionRules Exclusion { get; init; } = new();

    /// <summary>Side of the picture in CSS pixels.</summary>
    public int DisplaySizeCssPx { get; init; } = 224;

    /// <summary>How pictures are shown.</summary>
    public DisplaySettings Display { get; init; } = new();

    /// <summary>How loud sounds are played, and what is asked of listeners before the first one.</summary>
    public SoundSettings Sound { get; init; } = new();

    /// <summary>How trials are answered.</summary>
    public ResponseSettings Response { get; init; } = new();

    /// <summary>What the practice has to show before the main part begins.</summary>
    public PracticeSettings Practice { get; init; } = new();

    /// <summary>Questions about the participant.</summary>
    public QuestionnaireSettings Questionnaire { get; init; } = new();

    /// <summary>A break after every so many main trials; 0 for none, null for one in the middle of ten trials or more.</summary>
    public int? BreakEveryTrials { get; init; }

    /// <summary>Language of the program's own texts, for example <c>de</c>; null for the language of the participant's browser.</summary>
    public string? Language { get; init; }

    /// <summary>Everything that can be answered: the categories and, with typed words, the extra words.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Vocabulary => Response.ExtraWords.Length == 0 ? Categories : [.. Categories.Union(Response.ExtraWords)];

    /// <summary>Number of answers to choose from in a trial, of typed words the whole vocabulary; chance is one divided by it.</summary>
    [JsonIgnore]
    public int ChoicesPerTrial => Response.ChoicesPerTrial ?? Vocabulary.Count;

    /// <summary>Which metamers are made while the study runs.</summary>
    public OnDemandSettings OnDemand { get; init; } = new();

    /// <summary>Whether, and how, stages are chosen from the answers so far.</summary>
    public AdaptiveSettings Adaptive { get; init; } = new();

    /// <summary>Whether what a main trial shows is settled only when the browser asks for its picture.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool SettlesLate => OnDemand.Any || Adaptive.Any;

    /// <summary>How trials are drawn and ordered.</summary>
    public AssignmentSettings Assignment { get; init; } = new();

    /// <summary>Who may begin, and how long a place waits.</summary>
    public RecruitmentSettings Recruitment { get; init; } = new();

    /// <summary>What happens when somebody comes back.</summary>
    public ResumeSettings Resume { get; init; } = new();

    /// <summary>What becomes of the answers of somebody who withdraws.</summary>
    public WithdrawalPolicy Withdrawal { get; init; }

    /// <summary>How long what is known of people is kept.</summary>
    public PrivacySettings Privacy { get; init; } = new();

    /// <summary>The pages, codes and ways back at each end of the study.</summary>
    public EndSettings Ends { get; init; } = new();
}

/// <summary>A condition: natural (no model, no stage), or metamers of one model at one stage, finished or cut off at a loss level.</summary>
/// <param name="LossLevel">Fraction of the loss at the start at which the synthesis is cut off, below 1; 0, the default, for finished metamers.</param>
public sealed record StudyCondition(Guid? ModelId, Guid? StageId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] double LossLevel = 0)
{
    public static readonly StudyCondition Natural = new(null, null);

    [JsonIgnore]
    public bool IsNatural => ModelId is null;

    /// <summary>What the stage is called as a condition: its name, and the loss level where there is one.</summary>
    public string Label(string stage) => StageName.Label(stage, LossLevel);
}

/// <summary>
/// Durations in ms; the defaults are those of Feather et al. 2023 for pictures. A sound is played as long as its file lasts, whatever <see cref="StimulusMs"/> says, and nothing masks it:
/// there the one is the length of the sounds, for estimates, and the other 0.
/// </summary>
public sealed record TrialDurations
{
    public int BlankMs { get; init; } = 500;
    public int FixationMs { get; init; } = 300;
    public int StimulusMs { get; init; } = 300;
    public int MaskMs { get; init; } = 300;
}
