using PerceptionStudy.DemoAssets;

return await Commands.RunAsync(args);
