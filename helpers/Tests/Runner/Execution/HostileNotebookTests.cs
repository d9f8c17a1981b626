using System.Text;
using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Files that are no longer, or never were, sound notebooks: damaged by hand, by tools, on the way.</summary>
[Collection<WholeProcess>]
public sealed class HostileNotebookTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cut_off_at_any_byte_a_notebook_is_refused()
    {
        var whole = Small();
        for (var length = 0; length < whole.Length - 1; length++)
            Assert.Equal(Runner.WrongRequest,
                (await Assert_sound($"the first {length} bytes", whole[..length])).ExitCode);
    }

    [Fact]
    public async Task Any_value_may_be_missing_or_of_another_type()
    {
        string?[] others =
            [null, "null", "true", "-1e400", "\"text\"", "[]", "{}", "[\"1\", [2]]", "{\"a\": {\"b\": [{}]}}"];
        var changes = Paths(JsonNode.Parse(Small())!, []).SelectMany(path => others.Select(other => (path, other)));
        // Each value in a quarter of the places, each place with two values or three.
        var tried = changes.Where((_, place) => Thorough.Asked || place % 4 == 0).ToList();
        foreach (var (path, other) in tried)
        {
            var json = JsonNode.Parse(Small())!;
            Put(json, path, other);
            await Assert_sound($"{string.Join('/', path)} = {other ?? "(removed)"}",
                Encoding.UTF8.GetBytes(json.ToJsonString()));
        }

        Assert.InRange(tried.Count, 100, 1000);
    }

    [Fact]
    public async Task Damaged_bytes_are_refused_or_do_no_harm()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var bytes = Small().ToList();
            for (var damage = random.Next(1, 4); damage > 0; damage--)
            {
                var place = random.Next(bytes.Count);
                var length = Math.Min(random.Next(1, 20), bytes.Count - place);
                if (random.Next(3) == 0) bytes.RemoveRange(place, length);
                else if (random.Next(2) == 0)
                    bytes.InsertRange(place, bytes.GetRange(random.Next(bytes.Count - length), length));
                else bytes[place] = (byte)random.Next(256);
            }

            await Assert_sound($"round {round}", [.. bytes]);
        }
    }

    public static TheoryData<string, string> OddFiles => new()
    {
        { "an empty file", "" },
        { "zero bytes only", new string('\0', 500) },
        { "nesting of arrays", new string('[', 100_000) },
        { "nesting of objects in metadata", Text(json => json["metadata"]!["deep"] = Nested(60)) },
        { "a number for the format that no number type holds",
            Text().Replace("\"nbformat\": 4", "\"nbformat\": 4e999999") },
        { "a fraction for the format", Text().Replace("\"nbformat\": 4", "\"nbformat\": 4.5") },
        { "a key twice", Text().Replace("\"nbformat\": 4", "\"nbformat\": 4, \"nbformat\": 4") },
        { "half a character in a key", Text().Replace("\"nbformat\"", "\"\\ud800\": 1, \"nbformat\"") },
        { "text behind the end", Text() + "{}" },
        { "a comment", "// notebook\n" + Text() },
        { "a trailing comma", Text().Replace("\n}\n", ",\n}\n") },
        { "NaN", Text().Replace("\"nbformat_minor\": 5", "\"nbformat_minor\": NaN") },
    };

    [Theory]
    [MemberData(nameof(OddFiles))]
    public async Task An_odd_file_is_refused_or_run(string what, string content) =>
        await Assert_sound(what, Encoding.UTF8.GetBytes(content));

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("\n\n\t \n")]
    public async Task Line_ends_and_a_byte_order_mark_do_not_matter(string lineEnd)
    {
        var content = Encoding.UTF8.GetBytes("\uFEFF" + Text().ReplaceLineEndings(lineEnd));
        Assert.Equal(Runner.AllWell, (await Assert_sound("line ends", content)).ExitCode);
        var saved = await File.ReadAllBytesAsync(_folder.PathOf("a.ipynb"), TestContext.Current.CancellationToken);
        var kept = lineEnd == "\r\n" ? lineEnd : "\n";
        Assert.StartsWith($"{{{kept} ", Encoding.UTF8.GetString(saved), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public async Task Another_encoding_is_refused(string encoding)
    {
        var content = Encoding.GetEncoding(encoding);
        var result = await Assert_sound(encoding, [.. content.GetPreamble(), .. content.GetBytes(Text())]);
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
    }

    [Theory]
    [InlineData("var one = 1;\rvar two = 2;\r\none + two")]
    [InlineData("var text = \"a\";\u2028text")]
    [InlineData("\"\0\"")]
    [InlineData("\"\ud800\"")]
    [InlineData("Console.Write(\"\\ud800 and \\udc00\");")]
    public async Task Odd_characters_in_code_and_outputs_are_saved_such_that_they_do_not_drift(string code)
    {
        var path = _folder.Write("a.ipynb", code.Replace("\ud800", "\\ud800", StringComparison.Ordinal));
        Assert.Equal((Runner.AllWell, ""), await Outcome("save", path));
        Assert.Equal((Runner.AllWell, ""), await Outcome("check", path));
    }

    [Fact]
    public async Task Cells_of_the_same_id_all_run()
    {
        var json = NotebookFolder.Json(NotebookFolder.Cell("var x = 1;"), NotebookFolder.Cell("$\"{x + 1}\""));
        foreach (var cell in json["cells"]!.AsArray()) cell!["id"] = "same";
        var path = _folder.WriteJson("a.ipynb", json);
        Assert.Equal(Runner.AllWell, (await Outcome("save", path)).Item1);
        var shown = _folder.Outputs("a.ipynb")[1][0].GetProperty("data");
        Assert.Equal("2", shown.GetProperty("text/plain")[0].GetString());
    }

    [Theory]
    [InlineData("string.Join('\\n', Enumerable.Range(0, 100_000))", "\n  text/plain, line 901: -900 saved, 900 now\n",
        "    99100 numbers differ.\nerror: 1 of 1 failed:\n")]
    [InlineData("\"0\"", "\n    0\n  - 1\n", "  …\nerror: 1 of 1 failed:\n")]
    public async Task Huge_saved_outputs_are_compared_and_their_first_differences_told(
        string code, string first, string last)
    {
        var json = NotebookFolder.Json(NotebookFolder.Cell(code));
        json["cells"]![0]!["outputs"] = JsonNode.Parse(
            """[{ "output_type": "execute_result", "execution_count": 1, "metadata": {} }]""");
        var saved = string.Join('\n', Enumerable.Range(0, 100_000).Select(n => n < 900 ? n : -n));
        json["cells"]![0]!["outputs"]![0]!["data"] = new JsonObject { ["text/plain"] = saved };
        var result = await NotebookFolder.Run("check", _folder.WriteJson("a.ipynb", json));
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains(first, result.Errors, StringComparison.Ordinal);
        Assert.EndsWith(
            last,
            string.Concat(result.Errors.Split('\n').SkipLast(2).Select(line => line + "\n")),
            StringComparison.Ordinal);
        Assert.InRange(result.Errors.Length, 500, 20_000);
    }

    [Theory]
    [InlineData(
        "class Odd : Exception { public override string Message => throw new Exception(); }\nthrow new Odd();",
        "Odd: (its Message throws a System.Exception)")]
    [InlineData("throw new OperationCanceledException();", "System.OperationCanceledException")]
    [InlineData(
        "System.Threading.Thread.CurrentThread.Interrupt();\nawait Task.Delay(300);\nSystem.Threading.Thread.Sleep(1);",
        "System.Threading.ThreadInterruptedException")]
    [InlineData("1\r#r \"../x.dll\"", "line 2: `#r` of a file does not work in every host")]
    public async Task A_cell_that_fails_in_an_odd_way_is_named_all_the_same(string code, string reason)
    {
        var result = await NotebookFolder.Run("check", _folder.Write("a.ipynb", code));
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("a.ipynb, cell [1] `", result.Errors, StringComparison.Ordinal);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deeply_nested_code_does_not_overflow_the_stack()
    {
        var (open, close) = (new string('(', 5000), new string(')', 5000));
        var result = await NotebookFolder.Run("check", _folder.Write("a.ipynb", $"var x = {open}1{close};"));
        Assert.True(result.ExitCode is Runner.AllWell or Runner.Failed);
    }

    [Fact]
    public async Task An_empty_path_is_a_wrong_request()
    {
        var result = await NotebookFolder.Run("check", "");
        Assert.Equal((Runner.WrongRequest, "error: an empty path names no notebook.\n"),
            (result.ExitCode, result.Errors));
    }

    [Fact]
    public async Task A_folder_with_spaces_and_letters_of_any_script_is_as_good_as_any()
    {
        var name = "ein Ordner – 漢字 😀 [x] 'y' #%";
        Directory.CreateDirectory(_folder.PathOf(name));
        var path = _folder.Write(
            Path.Combine(name, "é & 1.ipynb"), "System.IO.File.Exists(\"é & 1.ipynb\").ToString()");
        Assert.Equal((Runner.AllWell, ""), await Outcome("save", _folder.PathOf(name)));
        Assert.Contains("\"True\"", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal((Runner.AllWell, ""), await Outcome("check", path));
        Assert.Equal((Runner.AllWell, ""), await Outcome("run", path));
    }

    private static async Task<(int, string)> Outcome(params string[] arguments)
    {
        var result = await NotebookFolder.Run(arguments);
        return (result.ExitCode, result.Errors);
    }

    private static string Text(Action<JsonNode>? change = null)
    {
        var json = JsonNode.Parse(Small())!;
        change?.Invoke(json);
        return json.ToJsonString(new() { WriteIndented = true, NewLine = "\n" }) + "\n";
    }

    private static JsonArray Nested(int levels) => levels == 0 ? [] : [Nested(levels - 1)];

    private static byte[] Small()
    {
        var json = NotebookFolder.Json(NotebookFolder.Cell("# Title", "markdown"),
            NotebookFolder.Cell("\"1\"", "code", "tag"));
        json["cells"]![1]!["outputs"] = JsonNode.Parse("""
            [{ "output_type": "stream", "name": "stdout", "text": ["1\n"] },
             { "output_type": "execute_result", "data": { "text/plain": ["1"] }, "execution_count": 1, "metadata": {} },
             { "output_type": "error", "ename": "E", "evalue": "oh", "traceback": ["at"] }]
            """);
        json["cells"]![1]!["metadata"]!["polyglot_notebook"] = new JsonObject { ["kernelName"] = "csharp" };
        json["metadata"]!["polyglot_notebook"] = JsonNode.Parse(
            """{ "kernelInfo": { "defaultKernelName": "csharp" } }""");
        return Encoding.UTF8.GetBytes(JupyterJson.Write(json));
    }

    private static IEnumerable<object[]> Paths(JsonNode node, object[] path) => node switch
    {
        JsonObject members => members.SelectMany(member => Below(member.Value, [.. path, member.Key])),
        JsonArray items => items.Index().SelectMany(item => Below(item.Item, [.. path, item.Index])),
        _ => [],
    };

    private static IEnumerable<object[]> Below(JsonNode? node, object[] path) =>
        node is null ? [path] : [path, .. Paths(node, path)];

    private static void Put(JsonNode json, object[] path, string? other)
    {
        foreach (var step in path[..^1]) json = step is int index ? json[index]! : json[(string)step]!;
        if (path[^1] is int last && other is null) json.AsArray().RemoveAt(last);
        else if (path[^1] is int item) json[item] = JsonNode.Parse(other!);
        else if (other is null) json.AsObject().Remove((string)path[^1]);
        else json[(string)path[^1]] = JsonNode.Parse(other);
    }

    /// <summary>Checks and saves: the exit code tells, messages are lines for people, a file is replaced only after a
    /// full run.</summary>
    private async Task<RunnerResult> Assert_sound(string what, byte[] content)
    {
        var path = _folder.PathOf("a.ipynb");
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        var check = await NotebookFolder.Run("check", path);
        Assert.True(
            check.ExitCode is >= Runner.AllWell and <= Runner.WrongRequest, $"{what}: exit code {check.ExitCode}");
        Assert.True(await IsUnchanged(), $"{what}: checking changed the file");

        var save = await NotebookFolder.Run("save", path);
        var told = $"{what}: exit code {save.ExitCode}\n{save.Errors}";
        Assert.True(save.ExitCode is >= Runner.AllWell and <= Runner.WrongRequest, told);
        Assert.True(save.ExitCode == Runner.AllWell == (save.Errors.Length == 0), told);
        Assert.All(save.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), line =>
            Assert.Matches("^(error: |  )", line));
        Assert.DoesNotContain("Unhandled", save.Errors, StringComparison.Ordinal);
        if (save.ExitCode != Runner.AllWell) Assert.True(await IsUnchanged(), $"{what}: the file was changed");
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.FullPath));
        return save;

        async Task<bool> IsUnchanged() =>
            content.SequenceEqual(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }
}
