using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Studies;

/// <summary>The editor's state: fields that change, made from a design and made into one again.</summary>
public sealed class DesignForm
{
    private StudyDesign design;

    public DesignForm(StudyDesign design)
    {
        this.design = design;
        Title = design.Title;
        Consent = design.Consent;
        Instructions = design.Instructions;
        Thanks = design.Thanks;
        AnalysisPlan = design.AnalysisPlan;
        MetamerSets = design.MetamerSets;
        LongestMinutes = design.LongestMinutes;
        MainTrials = design.MainTrials;
        CatchTrials = design.CatchTrials;
        BlankMs = design.Durations.BlankMs;
        FixationMs = design.Durations.FixationMs;
        StimulusMs = design.Durations.StimulusMs;
        MaskMs = design.Durations.MaskMs;
        DisplaySizeCssPx = design.DisplaySizeCssPx;
        Display = design.Display;
        Sound = design.Sound;
        Response = design.Response;
        Practice = design.Practice;
        Questionnaire = design.Questionnaire;
        BreakEveryTrials = design.BreakEveryTrials;
        Language = design.Language;
        StopAtHalfWidth = design.StopAtHalfWidth;
        BlindUntilClosed = design.BlindUntilClosed;
        Exclusion = design.Exclusion;
        OnDemand = design.OnDemand;
        Adaptive = design.Adaptive;
        Assignment = design.Assignment;
        Recruitment = design.Recruitment;
        Resume = design.Resume;
        Withdrawal = design.Withdrawal;
        Privacy = design.Privacy;
        Ends = design.Ends;
        Conditions = [.. design.Conditions];
        RecognisingModels = [.. design.RecognisingModels];
        PracticeTrials = design.PracticeStimuli.Length;
    }

    public string Title { get; set; }
    public string Consent { get; set; }
    public string Instructions { get; set; }
    public string Thanks { get; set; }
    public string AnalysisPlan { get; set; }
    public Guid[] MetamerSets { get; private set; }
    public int? LongestMinutes { get; set; }
    public int MainTrials { get; set; }
    public int CatchTrials { get; set; }
    public int BlankMs { get; set; }
    public int FixationMs { get; set; }
    public int StimulusMs { get; set; }
    public int MaskMs { get; set; }
    public int DisplaySizeCssPx { get; set; }
    public DisplaySettings Display { get; set; }
    public SoundSettings Sound { get; set; }
    public ResponseSettings Response { get; set; }
    public PracticeSettings Practice { get; set; }
    public QuestionnaireSettings Questionnaire { get; set; }
    public int? BreakEveryTrials { get; set; }
    public string? Language { get; set; }
    public double? StopAtHalfWidth { get; set; }
    public bool BlindUntilClosed { get; set; }
    public ExclusionRules Exclusion { get; set; }
    public OnDemandSettings OnDemand { get; set; }
    public AdaptiveSettings Adaptive { get; set; }
    public AssignmentSettings Assignment { get; set; }
    public RecruitmentSettings Recruitment { get; set; }
    public ResumeSettings Resume { get; set; }
    public WithdrawalPolicy Withdrawal { get; set; }
    public PrivacySettings Privacy { get; set; }
    public EndSettings Ends { get; set; }
    public HashSet<StudyCondition> Conditions { get; }
    public HashSet<Guid> RecognisingModels { get; }

    /// <summary>Wish for the next choice of stimuli; the design holds what there is.</summary>
    public int PracticeTrials { get; set; }

    public IReadOnlyList<string> Categories => design.Categories;
    public IReadOnlyList<Guid> NaturalStimuli => design.NaturalStimuli;
    public IReadOnlyList<Guid> PracticeStimuli => design.PracticeStimuli;

    public IReadOnlyList<Guid> CatchStimuli => design.CatchStimuli;
    public StimulusMedium Medium => design.Medium;

    /// <summary>Models whose metamers are shown; they always answer as well.</summary>
    public IEnumerable<Guid> GeneratingModels => Conditions.Select(c => c.ModelId).OfType<Guid>().Distinct();

    /// <summary>Makes a condition's metamers on demand, or no longer; it is ticked with it.</summary>
    /// <param name="published">Whether it stays a condition without that: it has metamers.</param>
    public void MakeOnDemand(StudyCondition condition, bool on, bool published)
    {
        var augmentations = Campaigns.CampaignPlan.AugmentationsOf(Medium);
        OnDemand = OnDemand with
        {
            Conditions = on ? [.. OnDemand.Conditions, condition] : [.. OnDemand.Conditions.Where(c => c != condition)],
            NullAugmentation = augmentations.Contains(OnDemand.NullAugmentation) ? OnDemand.NullAugmentation : augmentations[0],
        };
        if (on) Conditions.Add(condition);
        else if (!published) Conditions.Remove(condition);
    }

    /// <summary>The loss levels of the closed loop's stage, rising; the finished metamers of the stage are a level beside these where they are a condition.</summary>
    public IReadOnlyList<double> LossLevels => [.. Conditions.Where(c => c.LossLevel > 0 && Adaptive.Chooses(c)).Select(c => c.LossLevel).Order()];

    /// <summary>Chooses by another method, among the levels of another model, or among other loss levels of a stage, which are made on demand; what the loop chose among before is no condition any more.</summary>
    /// <param name="lossLevels">Only where the settings name a stage for them.</param>
    public void Adapt(AdaptiveSettings settings, params IReadOnlyList<double> lossLevels)
    {
        foreach (var level in LossLevels) MakeOnDemand(new StudyCondition(Adaptive.ModelId, Adaptive.LossStageId, level), on: false, published: false);
        Adaptive = settings;
        if (settings.LossStageId is not { } stage) return;
        foreach (var level in lossLevels) MakeOnDemand(new StudyCondition(settings.ModelId, stage, level), on: true, published: false);
    }

    /// <summary>The design, with the conditions in the order of the material.</summary>
    public StudyDesign Design(StudyMaterial material)
    {
        return design with
        {
            Title = Title.Trim(),
            Consent = Consent.Trim(),
            Instructions = Instructions.Trim(),
            Thanks = Thanks.Trim(),
            AnalysisPlan = AnalysisPlan.Trim(),
            MetamerSets = MetamerSets,
            LongestMinutes = LongestMinutes,
            MainTrials = MainTrials,
            CatchTrials = CatchTrials,
            Durations = new TrialDurations { BlankMs = BlankMs, FixationMs = FixationMs, StimulusMs = StimulusMs, MaskMs = MaskMs },
            DisplaySizeCssPx = DisplaySizeCssPx,
            Display = Display,
            Sound = Sound,
            Response = Response,
            Practice = Practice,
            Questionnaire = Questionnaire,
            BreakEveryTrials = BreakEveryTrials,
            Language = Language,
            StopAtHalfWidth = StopAtHalfWidth,
            BlindUntilClosed = BlindUntilClosed,
            Exclusion = Exclusion,
            OnDemand = OnDemand with { Conditions = [.. OnDemand.Conditions.Where(Conditions.Contains)] },
            Adaptive = Adaptive,
            Assignment = Assignment,
            Recruitment = Recruitment,
            Resume = Resume,
            Withdrawal = Withdrawal,
            Privacy = Privacy,
            Ends = Ends,
            Conditions = material.InOrder(Conditions),
            RecognisingModels = [.. material.Models.Select(m => m.Id).Where(id => RecognisingModels.Contains(id) || GeneratingModels.Contains(id))],
        };
    }

    /// <summary>Draws from other sets; conditions that these do not hold are unticked. The natural stimuli stay until they are chosen anew.</summary>
    /// <param name="material">What the sets hold.</param>
    public void ChooseSets(Guid[] sets, StudyMaterial material)
    {
        MetamerSets = sets;
        Conditions.IntersectWith(material.PossibleConditions().Union(OnDemand.Conditions));
    }

    /// <summary>Draws catch trials from the sounds of a set that can be answered and are not played otherwise; from nothing without one.</summary>
    public void ChooseClearSounds(Guid? set, StudyMaterial material)
    {
        var played = design.NaturalStimuli.Concat(design.PracticeStimuli).ToHashSet();
        Guid[] clear = [.. material.Naturals.Values.Where(n => n.SetId == set && !played.Contains(n.Id) && design.Categories.Contains(n.Category)).Select(n => n.Id)];
        design = design with { CatchStimuli = set is null ? [] : clear };
    }

    /// <summary>Chooses main and practice stimuli anew from what is accepted by now; new conditions are ticked, those without metamers are not.</summary>
    public void ChooseStimuli(StudyMaterial material)
    {
        var fresh = StudyTemplate.Draft(material, Title, MetamerSets, MainTrials, PracticeTrials, design.CatchStimuli);
        design = design with { Medium = fresh.Medium, NaturalStimuli = fresh.NaturalStimuli, PracticeStimuli = fresh.PracticeStimuli, Categories = fresh.Categories };
        if (Medium == StimulusMedium.Sound) (StimulusMs, MaskMs) = (fresh.Durations.StimulusMs, 0);
        MainTrials = Math.Min(MainTrials, fresh.NaturalStimuli.Length);
        PracticeTrials = fresh.PracticeStimuli.Length;
        Conditions.Clear();
        Conditions.UnionWith(fresh.Conditions.Union(OnDemand.Conditions));
    }
}
