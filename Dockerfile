# Server, worker and synthesis host are one program; the command chooses the role.
#   docker build -t perceptionstudy .                                   CPU
#   docker build -t perceptionstudy:gpu --build-arg ONNX_RUNTIME=Gpu \
#                --build-arg RUNTIME_IMAGE=nvidia/cuda:13.0.0-cudnn-runtime-ubuntu24.04 .
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ARG ONNX_RUNTIME=
WORKDIR /source
COPY . .
RUN dotnet publish src/Server -c Release -r linux-x64 --self-contained -p:OnnxRuntimePackage=$ONNX_RUNTIME -o /app

FROM ${RUNTIME_IMAGE}
# libicu is not needed (invariant globalisation); fontconfig is not needed (SkiaSharp without dependencies). ffmpeg reads sounds other than WAV; bubblewrap shuts models in.
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap ffmpeg && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --uid 10001 perception && mkdir /data && chown perception /data
COPY --from=build /app /app
COPY demo /app/demo
USER perception
WORKDIR /app
ENV DataFolder=/data ASPNETCORE_URLS=http://+:8080
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/app/PerceptionStudy.Server"]
CMD ["serve"]
