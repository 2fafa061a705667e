namespace PerceptionStudy.DemoAssets.Sounds;

/// <summary>The words of the demo: everyday ones of one to three syllables, easy to spell and hard to confuse. Their order is that of the networks' outputs.</summary>
public static class Vocabulary
{
    public static readonly string[] Words =
    [
        "banana", "bridge", "butter", "candle", "coffee", "doctor", "elephant", "fish", "garden", "guitar", "house", "island",
        "kitchen", "lemon", "monkey", "orange", "pencil", "rabbit", "school", "sugar", "tomato", "umbrella", "window", "yellow",
    ];
}
