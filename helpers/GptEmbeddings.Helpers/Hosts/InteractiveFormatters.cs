using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Formatting;
using TorchSharp.Modules;
using XPlot.Plotly;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>Teaches .NET Interactive to show tensors, modules, charts and views as HTML and as plain text.</summary>
internal static class InteractiveFormatters
{
    private const string Assembly = "Microsoft.DotNet.Interactive.Formatting";

    public static void RegisterWherePresent()
    {
        if (AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == Assembly)) Register();
    }

    // A method of its own, never inlined: the runtime looks for the assembly only when this is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Register()
    {
        Register<View>(view => view);
        Register<Tensor>(tensor => new TensorView(tensor, null, null));
        Register<nn.Module>(module => new ModuleView(module, null, null));
        Register<PlotlyChart>(chart => new ChartView(chart));

        // These two are found by their own type first: TorchSharp brings a formatter for tensors.
        Register<Parameter>(tensor => new TensorView(tensor, null, null));
        Register<Embedding>(module => new ModuleView(module, null, null));
    }

    private static void Register<T>(Func<T, View> view)
    {
        Formatter.Register<T>(value => view(value).ToHtml(), HtmlFormatter.MimeType);
        Formatter.Register<T>(value => view(value).ToString(), PlainTextFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(T), HtmlFormatter.MimeType, PlainTextFormatter.MimeType);
    }
}
