using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Site;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>What a run does to the folder of the pages: files of others in it, and what links in prose bring.
/// </summary>
[Collection<WholeProcess>]
public sealed class SiteFolderTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    private string Site => _folder.PathOf("site");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_put_into_the_folder_while_the_notebooks_run_stays()
    {
        var path = _folder.Write("a.ipynb",
            "System.IO.Directory.CreateDirectory(\"site/mine\");"
            + "System.IO.File.WriteAllText(\"site/mine/diary.txt\", \"dear\");");
        var result = await NotebookFolder.Run("--site", Site, path);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        Assert.Equal("dear", Read("mine/diary.txt"));
        Assert.True(File.Exists(At("a.html")));
    }

    [Fact]
    public async Task A_page_that_a_cell_puts_where_one_will_be_written_stays_and_the_run_says_so()
    {
        var path = _folder.Write("a.ipynb",
            "System.IO.Directory.CreateDirectory(\"site\");\nSystem.IO.File.WriteAllText(\"site/a.html\", \"mine\");");
        var result = await NotebookFolder.Run("--site", Site, path);
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("the pages were not written: a.html in it was not written by an earlier run", result.Errors,
            StringComparison.Ordinal);
        Assert.Equal("mine", Read("a.html"));
        Assert.Equal([At("a.html")], Directory.GetFileSystemEntries(Site));
    }

    [Fact]
    public void A_file_added_to_an_earlier_site_stays_and_what_the_earlier_run_wrote_goes()
    {
        Write("old.html", "images/old.svg", "both.html");
        File.WriteAllText(At("added.txt"), "mine");
        File.WriteAllText(At("images/added.svg"), "mine");
        Write("both.html", "new.html");
        Assert.Equal(
            [".gpt-embeddings-site", "added.txt", "both.html", "images/added.svg", "new.html"],
            Directory.GetFiles(Site, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Site, file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_name_with_a_line_break_stands_for_no_other_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        const string odd = "a\nadded.txt";
        Write(odd);
        File.WriteAllText(At("added.txt"), "mine");
        Write(odd);
        Write("new.html");
        Assert.Equal([".gpt-embeddings-site", "added.txt", "new.html"], Present());
    }

    [Fact]
    public void The_list_of_an_earlier_version_with_a_name_a_line_is_understood()
    {
        Write("images/old.svg", "old.html");
        File.WriteAllText(At(".gpt-embeddings-site"), "images/old.svg\nold.html\n");
        Write("new.html");
        Assert.Equal([".gpt-embeddings-site", "new.html"], Present());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_is_killed_while_it_writes_leaves_what_the_next_one_replaces(bool isFirst)
    {
        if (!isFirst) Write("old.html", "sub/both.html");
        var left = new List<string>();
        var files = new SiteFiles();
        foreach (var name in (string[])["a.html", "sub/both.html"]) files.Add([name], Killed);
        new SiteFolder(Site).Replace(files);
        Assert.Equal(2, left.Count);
        foreach (var folder in left)
        {
            File.WriteAllText(Path.Combine(folder, ".0123abcd.xyz.tmp"), "a list that was being written");
            File.WriteAllText(Path.Combine(folder, "b.html"), "mine");
            new SiteFolder(folder).Replace(Files("new.html"));
            Assert.Equal([".gpt-embeddings-site", "b.html", "new.html"], Present(folder));
        }

        // What is there at that moment, half a page too.
        void Killed(string path)
        {
            File.WriteAllText(path, "half");
            left.Add(_folder.PathOf($"left-{left.Count}"));
            foreach (var file in Directory.GetFiles(Site, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(left[^1], Path.GetRelativePath(Site, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.WriteAllBytes(copy, Path.GetExtension(file) == ".lock" ? [] : File.ReadAllBytes(file));
            }
        }
    }

    [Fact]
    public void A_page_that_was_never_written_is_not_on_the_list()
    {
        Write("old.html");
        var files = Files("a.html", "b.html");
        files.Set("b.html", _ => throw new IOException("full"));
        Assert.Throws<IOException>(() => new SiteFolder(Site).Replace(files));
        Assert.Equal([".gpt-embeddings-site", "old.html"], Present());
        File.WriteAllText(At("a.html"), "mine");
        Write("new.html");
        Assert.Equal([".gpt-embeddings-site", "a.html", "new.html"], Present());
    }

    [Fact]
    public async Task Of_two_runs_at_once_the_second_waits_and_its_pages_stay()
    {
        using var writing = new ManualResetEventSlim();
        var first = Files("index.html", "a.html");
        first.Set("a.html", path =>
        {
            writing.Set();
            Thread.Sleep(300);
            File.WriteAllText(path, "a");
        });
        var run = Task.Run(() => new SiteFolder(Site).Replace(first), TestContext.Current.CancellationToken);
        writing.Wait(TestContext.Current.CancellationToken);
        Write("index.html", "b.html");
        Assert.True(run.IsCompletedSuccessfully);
        await run;
        Assert.Equal([".gpt-embeddings-site", "b.html", "index.html"], Present());
    }

    [Fact]
    public async Task The_trial_of_a_new_folder_leaves_what_others_put_there_meanwhile()
    {
        var (top, stop) = (_folder.PathOf("top"), false);
        var others = Task.Run(
            () =>
            {
                while (!Volatile.Read(ref stop))
                    try
                    {
                        if (!Directory.Exists(top)) continue;
                        File.WriteAllText(Path.Combine(top, "mine.txt"), "mine");
                        return true;
                    }
                    catch (DirectoryNotFoundException)
                    {
                        // Too late: the trial is over.
                    }

                return false;
            },
            TestContext.Current.CancellationToken);
        for (var trial = 0; trial < 5_000 && !others.IsCompleted; trial++)
            Assert.Null(Record.Exception(() => new SiteFolder(Path.Combine(top, "in", "site"))));
        Volatile.Write(ref stop, true);
        Assert.SkipUnless(await others, "The trials were too fast.");
        Assert.Equal(["mine.txt"], Present(top));
    }

    [Fact]
    public async Task A_file_in_the_place_of_a_page_is_refused_before_anything_runs()
    {
        Write("old.html");
        File.WriteAllText(At("a.html"), "mine");
        var result = await NotebookFolder.Run("--site", Site,
            _folder.Write("a.ipynb", "System.IO.File.WriteAllText(\"ran\", \"\");"));
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.Contains("a.html in it was not written by an earlier run", result.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.PathOf("ran")));
        Assert.Equal("mine", Read("a.html"));
    }

    [Theory]
    [InlineData("ln -s ../mine.txt .gpt-embeddings-site", ".gpt-embeddings-site in it is a link. Move it away.")]
    [InlineData("echo a.html > .gpt-embeddings-site && mkdir a.html", "a.html in it was not written by an earlier")]
    public async Task What_is_not_the_file_of_an_earlier_run_is_refused_and_stays(string command, string message)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Uses a shell.");
        Directory.CreateDirectory(Site);
        var mine = _folder.WriteText("mine.txt", "mine");
        using var shell = RunnerProcess.StartProgram(Site, "/bin/sh", "-c", command);
        Assert.Equal(0, (await RunnerProcess.Result(shell)).ExitCode);
        var result = await NotebookFolder.Run("--site", Site, _folder.Write("a.ipynb", "1"));
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(mine, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_list_that_names_files_elsewhere_deletes_and_tries_nothing_there()
    {
        Write("old.html");
        var outside = _folder.WriteText("outside.txt", "mine");
        Directory.CreateDirectory(_folder.PathOf("elsewhere"));
        _folder.WriteText("elsewhere/a.txt", "mine");
        Directory.CreateSymbolicLink(At("linked"), _folder.PathOf("elsewhere"));
        File.AppendAllLines(At(".gpt-embeddings-site"),
            ["../outside.txt", outside, "linked/a.txt", "x/../../outside.txt", "."]);
        var lastChange = Directory.GetLastWriteTimeUtc(_folder.PathOf("elsewhere"));
        Write("new.html");
        Assert.Equal(lastChange, Directory.GetLastWriteTimeUtc(_folder.PathOf("elsewhere")));
        Assert.Equal("mine", File.ReadAllText(outside));
        Assert.Equal("mine", File.ReadAllText(_folder.PathOf("elsewhere/a.txt")));
        Assert.False(File.Exists(At("old.html")));
        Assert.Throws<IOException>(() => Write("linked/b.html"));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_is_refused_before_anything_runs()
    {
        var path = _folder.Write("a.ipynb", "System.IO.File.WriteAllText(\"ran\", \"\");");
        var tooLong = Path.Combine("new", new string('n', 300), "site");
        foreach (var site in new[] { "", Path.Combine(path, "site"), _folder.PathOf(tooLong) })
            Assert.Equal(Runner.WrongRequest, (await NotebookFolder.Run("--site", site, path)).ExitCode);
        Assert.False(File.Exists(_folder.PathOf("ran")));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.FullPath));
    }

    [Fact]
    public async Task A_mount_point_gets_the_pages_or_is_refused_before_anything_runs()
    {
        _folder.Write("a.ipynb", "System.IO.File.AppendAllText(\"ran\", \"x\");");
        Directory.CreateDirectory(Site);
        var result = await RunnerProcess.InMountNamespace(
            _folder.FullPath,
            """
            mount -t tmpfs tmpfs site || exit 99
            "$@" --site site a.ipynb > log; echo "exit code $?"
            "$@" --site site a.ipynb > log; echo "exit code $?, $(ls site | grep -c '^a.html$') page"
            mount -o remount,ro "$PWD/site"
            "$@" --site site a.ipynb; echo "exit code $?, ran $(cat ran)"
            """);
        Assert.Equal(
            ["exit code 0", "exit code 0, 1 page", "exit code 2, ran xx"],
            result.Output.TrimEnd('\n').Split('\n'));
        Assert.Matches("^error: site: Read-only file system[^\n]*\n$", result.Errors);
    }

    [Fact]
    public async Task A_read_only_folder_of_an_earlier_run_is_refused_before_anything_runs()
    {
        Write("sub/old.html");
        _folder.Write("a.ipynb", "System.IO.File.AppendAllText(\"ran\", \"x\");");
        var result = await RunnerProcess.InMountNamespace(
            _folder.FullPath,
            """
            mount -t tmpfs -o ro tmpfs site/sub || exit 99
            "$@" --site site a.ipynb; echo "exit code $?, $(ls)"
            """);
        Assert.Equal($"exit code {Runner.WrongRequest}, a.ipynb\nsite\n", result.Output);
        Assert.Matches("^error: site: Read-only file system[^\n]*\n$", result.Errors);
    }

    [Fact]
    public void A_private_folder_stays_private()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        Directory.CreateDirectory(Site, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var mode = File.GetUnixFileMode(Site);
        Write("a.html");
        Assert.Equal(mode, File.GetUnixFileMode(Site));
    }

    [Fact]
    public async Task A_link_brings_only_regular_files_that_lie_with_the_notebooks()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Links, pipes and devices of Linux.");
        Directory.CreateDirectory(_folder.PathOf("lessons/images"));
        _folder.WriteText("secret.txt", "secret");
        _folder.WriteText("lessons/.env", "secret");
        _folder.WriteText("lessons/images/fine.txt", "fine");
        File.CreateSymbolicLink(_folder.PathOf("lessons/link.txt"), _folder.PathOf("secret.txt"));
        Directory.CreateSymbolicLink(_folder.PathOf("lessons/up"), _folder.FullPath);
        File.CreateSymbolicLink(_folder.PathOf("lessons/zero"), "/dev/zero");
        await RunnerProcess.Result(RunnerProcess.StartProgram(_folder.FullPath, "mkfifo", "lessons/pipe"));
        string[] links = ["images/fine.txt", _folder.PathOf("secret.txt"), "../secret.txt", ".env", "link.txt",
            "up/secret.txt", "zero", "pipe", "/dev/zero", "/etc/passwd", "a%00b", "images"];
        var path = _folder.WriteJson("lessons/a.ipynb", NotebookFolder.Json(
            NotebookFolder.Cell(string.Join(' ', links.Select(link => $"[to]({link})")), "markdown"),
            NotebookFolder.Cell("1")));
        var result = await NotebookFolder.Run("--site", Site, path);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        Assert.Equal(
            [
                ".gpt-embeddings-site", "a.html", "a.ipynb", "images/fine.txt", "index.html", "search-index.js",
                "search.js", "site.css", "site.js", "terms.js", "theme.js",
            ],
            Directory.GetFiles(Site, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Site, file)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(">", 140)]
    [InlineData("[", 5_000)]
    [InlineData("![", 5_000)]
    [InlineData("*a **b ", 2_000)]
    [InlineData("<b>", 5_000)]
    public async Task Prose_that_is_nested_deeply_has_a_page_and_shows_in_the_terminal(string sign, int times) =>
        await Assert_shown(string.Concat(Enumerable.Repeat(sign, times)) + " the end");

    [Theory]
    [InlineData(8)]
    [InlineData(40)]
    public async Task Lists_in_lists_show_in_the_terminal(int levels) => await Assert_shown(string.Concat(
        Enumerable.Range(0, levels).Select(level => $"{new string(' ', 2 * level)}- item\n\n")) + "the end");

    private async Task Assert_shown(string prose)
    {
        var path = _folder.WriteJson("a.ipynb",
            NotebookFolder.Json(NotebookFolder.Cell(prose, "markdown"), NotebookFolder.Cell("1")));
        var result = await NotebookFolder.Run("--site", Site, path);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        Assert.Contains("the end", Read("a.html"), StringComparison.Ordinal);
        Assert.Contains("end", result.Output, StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(Site, name);

    private string Read(string name) => File.ReadAllText(At(name));

    private void Write(params string[] names) => new SiteFolder(Site).Replace(Files(names));

    private static SiteFiles Files(params string[] names)
    {
        var files = new SiteFiles();
        foreach (var name in names) files.Add([name], path => File.WriteAllText(path, name));
        return files;
    }

    private string[] Present(string? folder = null) =>
        [.. Directory.GetFileSystemEntries(folder ?? Site, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder ?? Site, file)).Order(StringComparer.Ordinal)];
}
