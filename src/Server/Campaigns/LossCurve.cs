using System.Text.Json;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>Step and loss of a synthesis as it goes on, thinned so that it never holds more than some hundred points.</summary>
public sealed class LossCurve
{
    private const int Most = 400;
    private readonly List<double[]> points;

    public LossCurve(string json = "[]") => points = Read(json);

    public static List<double[]> Read(string json) => JsonSerializer.Deserialize<List<double[]>>(json) ?? [];

    /// <summary>Adds a point; a step that is not beyond the last one (after a resume) takes the place of the later ones.</summary>
    public void Add(int step, double loss)
    {
        if (!double.IsFinite(loss)) return;
        while (points.Count > 0 && points[^1][0] >= step) points.RemoveAt(points.Count - 1);
        points.Add([step, Math.Round(loss, 6)]);
        if (points.Count <= Most) return;
        // Every second point goes; the first and the last stay.
        for (var i = points.Count - 2; i > 0; i -= 2) points.RemoveAt(i);
    }

    public string ToJson() => JsonSerializer.Serialize(points);
}
