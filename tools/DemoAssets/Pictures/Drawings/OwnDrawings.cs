using SkiaSharp;

namespace PerceptionStudy.DemoAssets.Pictures.Drawings;

/// <summary>
/// Drawings of our own with random geometry: as many designs as training wants. The networks are judged by held-out icons only,
/// so that nothing here can flatter a figure.
/// </summary>
internal static class OwnDrawings
{
    private static readonly Action<Pen>[] ByCategory =
    [
        Vehicles.Airplane, Animals.Bear, Vehicles.Bicycle, Animals.Bird, Vehicles.Boat, Things.Bottle, Vehicles.Car, Animals.Cat,
        Things.Chair, Things.Clock, Animals.Dog, Animals.Elephant, Things.Keyboard, Things.Knife, Things.Oven, Vehicles.Truck,
    ];

    /// <param name="category">Position in <see cref="ExemplarList.Categories"/>.</param>
    public static void Draw(int category, SKCanvas canvas, Random random) => ByCategory[category](new Pen(canvas, random));
}
