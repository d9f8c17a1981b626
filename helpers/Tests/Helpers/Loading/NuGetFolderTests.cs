using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>NuGet's folder may be called anything, end with a separator or not, and be named by a variable or a
/// NuGet.Config.</summary>
public sealed class NuGetFolderTests : IDisposable
{
    private const string Stale = "gptembeddings.helpers/1.0.0/stale";

    private readonly string _root = Directory.CreateTempSubdirectory("nuget-folder-").FullName;

    private string Packages => Path.Combine(_root, "my packages");

    private static string Helper => Path.Combine(Repository.Root, "helpers", "GptEmbeddings.Helpers");

    private static string RunnerProject => Path.Combine(Repository.Root, "helpers", "NotebookRunner");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_package_names_its_license()
    {
        var packages = Directory.GetFiles(Path.Combine(Repository.Root, "artifacts", "packages"), "*.nupkg");
        using var zip = ZipFile.OpenRead(packages.MaxBy(File.GetLastWriteTime)!);
        using var about = new StreamReader(zip.GetEntry("GptEmbeddings.Helpers.nuspec")!.Open());
        Assert.Contains("<license type=\"expression\">MIT</license>", about.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("My%20Work", true)]
    [InlineData("a%4Bb", true)]
    [InlineData("100% C#", false)]
    [InlineData("50%zz", false)]
    public async Task A_folder_whose_name_the_SDK_cannot_read_is_refused_with_the_reason(string name, bool isRefused)
    {
        var settings = Path.Combine(Repository.Root, "helpers", "Directory.Build.props");
        await Write(Path.Combine(_root, name, "a.proj"), $"<Project InitialTargets=\"RefuseEscapedFolder\">"
            + $"<Import Project=\"{settings}\" /><Target Name=\"Build\" /></Project>");
        var (exitCode, output, _) = await Build(["msbuild", Path.Combine(_root, name, "a.proj")]);
        Assert.Equal(isRefused, exitCode != 0);
        Assert.Equal(isRefused, Regex.IsMatch(output,
            "error : The .NET SDK cannot build in .*: it reads a % with two .* Move or rename the folder\\."));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task Both_projects_find_their_files_with_and_without_a_trailing_separator(string separator)
    {
        var packages = $"-p:NuGetPackageRoot={Packages}{separator}";
        var runner = await Build(["msbuild", RunnerProject, "-getItem:None", packages]);
        Assert.Contains($"\"{Packages}/plotly.net/", runner.Output.Replace(@"\\", "/", StringComparison.Ordinal),
            StringComparison.Ordinal);

        var helper = await Build(["msbuild", Helper, "-t:FindUnpackedCopies", "-getItem:UnpackedCopy", packages]);
        Assert.Contains($"\"{Packages}/gptembeddings.helpers/1.0.0\"",
            helper.Output.Replace(@"\\", "/", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("verso-nuget-packages/net10.0/GptEmbeddings.Helpers/1.0.0\"",
            helper.Output.Replace(@"\\", "/", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_is_made_anew_for_what_changed_whatever_the_clock_says_and_for_nothing_else()
    {
        var stale = Path.Combine(Packages, Stale);
        string[] build = ["build", Helper, $"-p:ArtifactsPath={_root}/artifacts", $"-p:NuGetPackageRoot={Packages}"];
        Assert.Equal(0, (await Build(build)).ExitCode);
        await Write(stale, "");
        var made = Directory.GetFiles(Path.Combine(_root, "artifacts"), "*package*", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(_root, "artifacts", "packages")));
        foreach (var file in made) File.SetLastWriteTimeUtc(file, new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal(0, (await Build(build)).ExitCode);
        Assert.True(File.Exists(stale));
        Assert.Equal(0, (await Build([.. build, "-p:Description=Another"])).ExitCode);
        Assert.False(File.Exists(stale));
        // The package of another checkout, with the paths of that one.
        await Write(stale, "");
        await Write(Path.Combine(Path.GetDirectoryName(stale)!, "lib/net8.0/GptEmbeddings.Helpers.dll"), "another");
        Assert.Equal(0, (await Build([.. build, "-p:Description=Another"])).ExitCode);
        Assert.False(File.Exists(stale));
        using var zip = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(Path.Combine(_root, "artifacts/packages"))));
        using var about = new StreamReader(zip.GetEntry("GptEmbeddings.Helpers.nuspec")!.Open());
        Assert.Contains("<description>Another<", about.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task The_build_repairs_TorchSharps_library_by_one_bit_and_refuses_another_version()
    {
        Assert.SkipUnless(NativeFiles.Platform == "linux-x64", "Only Linux x64 has this library.");
        var library = NativeFiles.Find("LibTorchSharp")!;
        var original = await File.ReadAllBytesAsync(library, TestContext.Current.CancellationToken);
        var copy = Path.Combine(_root, "it's $HOME", "repaired", "libLibTorchSharp.so");
        var other = Path.Combine(_root, "other.so");
        await File.WriteAllBytesAsync(other, original[1..], TestContext.Current.CancellationToken);
        string[] repair = ["msbuild", Helper, "-t:RepairLibTorchSharp", $"-p:ArtifactsPath={_root}/it's $HOME"];

        Assert.Contains("error : " + other + " is damaged or of another version of TorchSharp",
            (await Build([.. repair, $"-p:LibTorchSharp={other}"])).Output, StringComparison.Ordinal);
        Assert.False(File.Exists(copy));

        for (var round = 0; round < 2; round++)
        {
            var (exitCode, output, _) = await Build([.. repair, $"-p:LibTorchSharp={library}"]);
            Assert.True(exitCode == 0, output);
            var repaired = await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken);
            var changed = Assert.Single(Enumerable.Range(0, original.Length), i => original[i] != repaired[i]);
            Assert.Equal((original.Length, 2), (repaired.Length, original[changed] ^ repaired[changed]));
            Assert.Equal([copy], Directory.GetFiles(Path.GetDirectoryName(copy)!));
            await File.WriteAllTextAsync(copy, "cut off", TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_compiler_ahead_of_time_that_is_ended_leaves_no_part_of_an_assembly()
    {
        Assert.SkipUnless(NativeFiles.Platform == "linux-x64", "The compiler is a script, in the place of Linux.");
        var version = (await Build(["msbuild", RunnerProject, "-getProperty:Crossgen2Version"])).Output.Trim();
        var compiler = Path.Combine(
            Packages, "microsoft.netcore.app.crossgen2.linux-x64", version, "tools", "crossgen2");
        string[] precompile =
        [
            "msbuild", RunnerProject, "-t:PrecompileRoslyn", "-p:PrecompileRoslyn=true",
            "-p:BuildProjectReferences=false", $"-p:IntermediateOutputPath={_root}/obj/",
            $"-p:NuGetPackageRoot={Packages}",
        ];
        await Write(compiler, "#!/bin/sh\nprintf part > \"$3\"\nkill -9 $$\n");
        File.SetUnixFileMode(compiler, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        Assert.Contains("MSB3073", (await Build(precompile)).Output, StringComparison.Ordinal);
        Assert.Empty(Precompiled());
        await Write(compiler, "#!/bin/sh\nprintf whole > \"$3\"\n");
        await Build(precompile);
        Assert.Equal(["whole", "whole"], Precompiled().Select(File.ReadAllText));

        string[] Precompiled() =>
            Directory.GetFiles(Path.Combine(_root, "obj"), "Microsoft.CodeAnalysis*.dll", SearchOption.AllDirectories);
    }

    [Theory(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    [InlineData("NUGET_PACKAGES", "/")]
    [InlineData("globalPackagesFolder", "")]
    [SupportedOSPlatform("linux")]
    public async Task A_build_drops_the_stale_copies_and_its_runner_runs_a_notebook(string setting, string separator)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The packages are linked here, not copied.");
        LinkPackages();
        var temporary = Directory.CreateDirectory(Path.Combine(_root, "temporary")).FullName;
        var stale = await WriteStaleCopies(temporary);
        var isVariable = setting == "NUGET_PACKAGES";
        var environment = new Dictionary<string, string?>
        {
            ["TMPDIR"] = temporary,
            ["NUGET_PACKAGES"] = isVariable ? Packages + separator : null,
        };
        var packages = $"<config><add key=\"globalPackagesFolder\" value=\"{Packages}\" /></config>";
        var configuration = $"<configuration>{(isVariable ? "" : packages)}</configuration>";
        await Write(Path.Combine(_root, "NuGet.Config"), configuration);

        var artifacts = Path.Combine(_root, "artifacts");
        // Once is enough of what takes half a minute.
        var precompiles = isVariable;
        string[] build =
        [
            "build", RunnerProject, $"-p:ArtifactsPath={artifacts}/", $"-p:RestoreRootConfigDirectory={_root}",
            $"-p:PrecompileRoslyn={(precompiles ? "true" : "false")}",
        ];
        var built = await Build(build, environment);
        Assert.True(built.ExitCode == 0, built.Output);
        Assert.All(stale, file => Assert.False(File.Exists(file)));
        Assert.Single(Directory.GetFiles(Path.Combine(artifacts, "packages"), "*.nupkg"));

        var runner = Path.Combine(artifacts, "bin/NotebookRunner/debug/NotebookRunner.dll");
        Assert.Equal(precompiles,
            File.Exists(Path.Combine(Path.GetDirectoryName(runner)!, "Microsoft.CodeAnalysis.CSharp.dll")));
        var run = await Build(["exec", runner, "--quiet", Repository.Lesson(1).FullPath], environment);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    private async Task<string[]> WriteStaleCopies(string temporary)
    {
        string[] stale =
        [
            Path.Combine(Packages, Stale),
            Path.Combine(temporary, "verso-nuget-packages/net10.0/GptEmbeddings.Helpers/1.0.0/stale"),
        ];
        foreach (var file in stale) await Write(file, "");
        return stale;
    }

    private static Task Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
    }

    // A folder of its own with the same packages, which are gigabytes.
    private void LinkPackages()
    {
        var real = Path.GetFullPath(Path.Combine(NativeFiles.TorchSharpFolder, "..", "..", "..", ".."));
        Directory.CreateDirectory(Packages);
        foreach (var package in Directory.GetDirectories(real)
            .Where(package => Path.GetFileName(package) != "gptembeddings.helpers"))
            Directory.CreateSymbolicLink(Path.Combine(Packages, Path.GetFileName(package)), package);
    }

    private static async Task<RunnerResult> Build(string[] arguments, Dictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(RunnerProcess.Host, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A process that stays behind would hold the output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        return await RunnerProcess.Result(process);
    }
}
