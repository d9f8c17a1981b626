using System.Reflection;

namespace GptEmbeddings;

/// <summary>The C# kernel of .NET Interactive that runs the present cell, where there is one.</summary>
internal static class InteractiveKernel
{
    // The highest level at which CS1701 is silent. TorchSharp was built for .NET 8, so newer kernels warn under every
    // cell that uses it that System.Runtime.Numerics is newer too. A #pragma does not help.
    private const int WarningLevel = 1;

    private const BindingFlags Private = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>Registers the formatters, and has the kernel keep quiet about CS1701 from the next cell on.</summary>
    public static void Prepare()
    {
        InteractiveFormatters.RegisterWherePresent();
        if (Current() is { } kernel) LowerWarningLevel(kernel);
    }

    /// <summary>Lowers the level of the compiler's warnings; a kernel built in another way keeps its own.</summary>
    internal static void LowerWarningLevel(object kernel)
    {
        for (var type = kernel.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetField("_scriptOptions", Private | BindingFlags.DeclaredOnly) is not { } field) continue;
            if (field.GetValue(kernel) is { } options
                && options.GetType().GetMethod("WithWarningLevel", [typeof(int)]) is { } withWarningLevel
                && field.FieldType.IsAssignableFrom(withWarningLevel.ReturnType))
                field.SetValue(kernel, withWarningLevel.Invoke(options, [WarningLevel]));
            return;
        }
    }

    // By reflection, so that the package needs nothing of .NET Interactive and loads in every other host.
    private static object? Current() =>
        AppDomain.CurrentDomain.GetAssemblies()
            .FirstOrDefault(assembly => assembly.GetName().Name == "Microsoft.DotNet.Interactive")
            ?.GetType("Microsoft.DotNet.Interactive.KernelInvocationContext") is { } type
        && type.GetProperty("Current", BindingFlags.Static | BindingFlags.Public)?.GetValue(null) is { } context
            ? type.GetProperty("HandlingKernel")?.GetValue(context)
            : null;
}
