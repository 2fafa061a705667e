using PerceptionStudy.Server.Commands;

return await RootCommands.RunAsync(args);
