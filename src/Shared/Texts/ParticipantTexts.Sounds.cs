namespace PerceptionStudy.Shared.Texts;

// What is said about sounds.
public sealed partial record ParticipantTexts
{
    /// <summary>Instead of LoadingPictures.</summary>
    public required string LoadingSounds { get; init; }

    /// <summary>Instead of PicturesFailed.</summary>
    public required string SoundsFailed { get; init; }

    /// <summary>Instead of NextPictures.</summary>
    public required string NextSounds { get; init; }

    /// <summary>Instead of HowGrid.</summary>
    public required string HowSoundGrid { get; init; }

    /// <summary>Instead of HowWord.</summary>
    public required string HowSoundWord { get; init; }

    /// <summary>Instead of ChooseAnswer.</summary>
    public required string ChooseHeard { get; init; }

    /// <summary>Instead of TypeWord.</summary>
    public required string TypeHeard { get; init; }

    /// <summary>Instead of MainBegins.</summary>
    public required string MainSoundsBegin { get; init; }

    /// <summary>Instead of OnceMoreWhy.</summary>
    public required string OnceMoreSoundsWhy { get; init; }

    /// <summary>Instead of BreakText.</summary>
    public required string BreakSoundText { get; init; }

    /// <summary>Instead of FactsPictures.</summary>
    public required string FactsSounds { get; init; }

    /// <summary>Instead of FactsInput.</summary>
    public required string FactsSoundInput { get; init; }

    /// <summary>Heading before practice trials without feedback.</summary>
    public required string ScoredPart { get; init; }

    /// <summary>{0} practice trials without feedback.</summary>
    public required string ScoredPartWhy { get; init; }

    /// <summary>Heading: the volume.</summary>
    public required string LevelTitle { get; init; }

    /// <summary>What to do.</summary>
    public required string LevelHow { get; init; }

    /// <summary>Button.</summary>
    public required string PlayNoise { get; init; }

    /// <summary>Button.</summary>
    public required string StopNoise { get; init; }

    /// <summary>Heading: the headphone check.</summary>
    public required string HeadphonesTitle { get; init; }

    /// <summary>What to do.</summary>
    public required string HeadphonesHow { get; init; }

    /// <summary>Round {0} of {1}.</summary>
    public required string HeadphonesRound { get; init; }

    /// <summary>Button.</summary>
    public required string PlayTones { get; init; }

    /// <summary>While tones are played.</summary>
    public required string Listening { get; init; }

    /// <summary>Button: tone {0}.</summary>
    public required string ToneNumber { get; init; }

    /// <summary>Heading: the browser plays nothing.</summary>
    public required string SoundOff { get; init; }

    /// <summary>What to do.</summary>
    public required string SoundOffWhy { get; init; }

    /// <summary>Button.</summary>
    public required string TurnSoundOn { get; init; }

    /// <summary>Heading: the headphone check was not passed.</summary>
    public required string FailedHeadphones { get; init; }

    /// <summary>Why.</summary>
    public required string FailedHeadphonesWhy { get; init; }

    /// <summary>Refusal.</summary>
    public required string HeadphoneAnswersWrong { get; init; }

    /// <summary>The same texts where a study has sounds instead of pictures.</summary>
    public ParticipantTexts ForSounds() => this with
    {
        LoadingPictures = LoadingSounds,
        PicturesFailed = SoundsFailed,
        NextPictures = NextSounds,
        HowGrid = HowSoundGrid,
        HowWord = HowSoundWord,
        ChooseAnswer = ChooseHeard,
        TypeWord = TypeHeard,
        MainBegins = MainSoundsBegin,
        OnceMoreWhy = OnceMoreSoundsWhy,
        BreakText = BreakSoundText,
        FactsPictures = FactsSounds,
        FactsInput = FactsSoundInput,
    };
}
