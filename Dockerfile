# syntax=docker/dockerfile:1
# Server, worker and synthesis host are one program; the command chooses the role.
#   docker build -t perceptionstudy .                                   CPU
#   docker build -t perceptionstudy:gpu --build-arg ONNX_RUNTIME=Gpu \
#                --build-arg RUNTIME_IMAGE=nvidia/cuda:13.0.0-cudnn-runtime-ubuntu24.04 .      NVIDIA GPU
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ARG ONNX_RUNTIME=
WORKDIR /source
# What is restored changes seldom: these files alone, so that the layer is kept.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt ./
COPY src/Shared/Shared.csproj src/Shared/
COPY src/Client/Client.csproj src/Client/
COPY src/Synthesis/Synthesis.csproj src/Synthesis/
COPY src/Server/Server.csproj src/Server/
RUN dotnet restore src/Server -r linux-x64 -p:OnnxRuntimePackage=$ONNX_RUNTIME
COPY . .
RUN dotnet publish src/Server -c Release -r linux-x64 --self-contained -p:OnnxRuntimePackage=$ONNX_RUNTIME -o /app

FROM ${RUNTIME_IMAGE}
# ffmpeg reads sounds other than WAV; bubblewrap shuts models in; postgresql-client holds pg_dump and pg_restore for the commands backup and restore, in a version not older than
# the server's (docker-compose.yml); curl asks for the health. libicu is not needed (invariant globalisation), nor fontconfig.
RUN apt-get update \
  && apt-get install -y --no-install-recommends bubblewrap ca-certificates curl ffmpeg postgresql-client \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --no-create-home --uid 10001 perception \
  && install -d -o perception -g perception /data /backups
COPY --from=build /app /app
USER 10001
WORKDIR /data
# The root file system may be read-only: everything is written to /data, and /tmp is a tmpfs (docker-compose.yml). Diagnostics of .NET would write elsewhere.
ENV DataFolder=/data \
    ASPNETCORE_URLS=http://+:8080 \
    DOTNET_EnableDiagnostics=0 \
    Logging__Console__FormatterName=json
VOLUME /data
EXPOSE 8080 9464
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["/app/PerceptionStudy.Server"]
CMD ["serve"]
