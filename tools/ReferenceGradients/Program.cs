using PerceptionStudy.ReferenceGradients;
using PerceptionStudy.ReferenceGradients.Operators;

switch (args)
{
    case ["operators", var folder]:
        GoldenFiles.Write(folder);
        return 0;
    case ["architectures", var folder]:
        ArchitectureFiles.Write(folder);
        return 0;
    case ["trajectory", var model, var picture, var folder, .. var stages]:
        Trajectory.Write(model, picture, folder, stages);
        return 0;
    default:
        Console.Error.WriteLine("Use: operators FOLDER | architectures FOLDER | trajectory MODEL PICTURE FOLDER STAGE...");
        return 2;
}
