using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Tests.Metamers;

public sealed class FeatherPresetTests
{
    private readonly FeatherPreset preset = new();

    [Fact]
    public void Eight_blocks_of_three_thousand_halve_the_step()
    {
        Assert.Equal(24_000, preset.DefaultSteps);
        int[] steps = [0, 2999, 3000, 20_999, 21_000, 23_999];
        Assert.Equal([1, 1, 0.5f, 1f / 64, 1f / 128, 1f / 128], steps.Select(s => StepOf(s, 24_000)));
    }

    [Fact]
    public void Another_number_of_steps_divides_into_eight_blocks_too()
    {
        Assert.Equal(1f / 128, StepOf(99, 100));
        Assert.Equal(1f / 8, StepOf(3, 5));
    }

    private float StepOf(int step, int steps)
    {
        var scalars = new float[preset.Scalars];
        preset.Control(steps).Ask(step, scalars);
        return scalars[0];
    }
}
