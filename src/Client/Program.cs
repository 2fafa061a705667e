using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using PerceptionStudy.Client.Outbox;
using PerceptionStudy.Client.Session;
using PerceptionStudy.Client.Trials;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.Services.AddScoped(_ => new HttpClient { BaseAddress = new Uri(builder.HostEnvironment.BaseAddress), Timeout = TimeSpan.FromSeconds(20) });
builder.Services.AddScoped<SessionApi>();
builder.Services.AddScoped<OutboxStore>();
builder.Services.AddScoped<ResponseOutbox>();
builder.Services.AddScoped<StimulusStore>();
builder.Services.AddScoped<TrialPresenter>();
builder.Services.AddScoped<SoundChecks>();
builder.Services.AddSingleton(TimeProvider.System);
await builder.Build().RunAsync();
