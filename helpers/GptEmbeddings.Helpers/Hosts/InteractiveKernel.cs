using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace GptEmbeddings;

/// <summary>The C# kernel of .NET Interactive that runs the present cell, where there is one.</summary>
internal static class InteractiveKernel
{
    // The highest level at which CS1701 is silent. TorchSharp was built for .NET 8, so newer kernels warn under every
    // cell that uses it that System.Runtime.Numerics is newer too. A #pragma does not help.
    private const int WarningLevel = 1;

    private const BindingFlags Private = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly ConditionalWeakTable<object, object> _prepared = [];

    /// <summary>
    /// Registers the formatters; from the next cell on the kernel keeps quiet about CS1701 and writes numbers with a
    /// decimal point.
    /// </summary>
    public static void Prepare()
    {
        InteractiveFormatters.RegisterWherePresent();
        if (Current() is not { } kernel || !_prepared.TryAdd(kernel, kernel)) return;
        LowerWarningLevel(kernel);
        KeepInvariantCulture(kernel);
    }

    // What a cell sets ends with the cell, and Polyglot starts the kernel in the culture of VS Code. So it is set
    // before each command: kernel.AddMiddleware((command, context, next) => { ...; return next(command, context); })
    private static void KeepInvariantCulture(object kernel)
    {
        if (kernel.GetType().GetMethod("AddMiddleware") is not { } add) return;
        var middleware = add.GetParameters()[0].ParameterType;
        ParameterExpression[] given =
            [.. middleware.GetMethod("Invoke")!.GetParameters().Select(one => Expression.Parameter(one.ParameterType))];
        var code = Expression.Block(
            Expression.Call(((Action)UseInvariantCulture).Method), Expression.Invoke(given[^1], given[..^1]));
        object?[] arguments = [Expression.Lambda(middleware, code, given).Compile(), .. add.GetParameters()[1..]
            .Select(one => one.DefaultValue)];
        add.Invoke(kernel, arguments);
    }

    internal static void UseInvariantCulture() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

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
