GptEmbeddings.TorchRuntime.Load();
