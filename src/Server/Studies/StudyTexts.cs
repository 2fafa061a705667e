namespace PerceptionStudy.Server.Studies;

/// <summary>Texts that a new draft starts with; researchers rewrite them to what their ethics board approved.</summary>
public static class StudyTexts
{
    public const string Consent =
        """
        In this study you look at pictures and say what they show. It takes about five minutes.

        Taking part is voluntary. You may stop at any time by closing the page, without giving a reason. There are no known risks. The pictures are shown briefly, one after the other.

        We store which answers you chose, how long you took, and how precisely your screen showed the pictures, together with the name of your browser. We do not store your name or your address. The answers are used for research and may be published in this form.

        By pressing the button you say that you are at least 18 years old, have read this, and agree to take part.
        """;

    public const string Instructions =
        """
        Look at the cross in the middle. A picture appears there for a moment, then a pattern. After that, choose the category that fits the picture best.

        One of the categories is always right, even if the picture looks strange. If you are not sure, guess.

        A few practice trials come first; they tell you the right answer.
        """;

    public const string SoundConsent =
        """
        In this study you listen to sounds and say which word you hear. You need headphones and a quiet place.

        Taking part is voluntary. You may stop at any time by closing the page, without giving a reason. The sounds are played one after the other; you set the volume yourself. There are no known risks.

        We store which words you chose, how long you took, and how precisely your computer played the sounds, together with the name of your browser. We do not store your name or your address, and nothing is recorded. The answers are used for research and may be published in this form.

        By pressing the button you say that you are at least 18 years old, hear well, have read this, and agree to take part.
        """;

    public const string SoundInstructions =
        """
        Each sound is played once. After it, type the word that you heard; the list completes it. You can go on as soon as it is a word of the list.

        One of the words is always right, even if the sound is strange. If you are not sure, guess.

        A few practice trials come first; they tell you the right answer.
        """;

    public const string Thanks = "That was all. Thank you very much for taking part!";

    public const string AnalysisPlan =
        """
        **Unit.** The proportion correct of each participant in each condition. Swapped and repeated trials, practice and catch trials do not enter; an answer that did not come in time counts as wrong.

        **Figure.** Mean over participants at each stage with 95 % bootstrap intervals, beside each model's proportion correct on the same stimuli.

        **Tests.** For each generating model an analysis of variance with the factors observer (people, model; between) and stage (within), corrected for sphericity (Greenhouse and Geisser), and by permutation of observers.

        **Who is left out.** By the exclusion rules of this version alone; results are reported with and without them.
        """;
}
