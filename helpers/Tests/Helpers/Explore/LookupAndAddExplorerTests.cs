using Xunit;
using static GptEmbeddings.Tests.ExplorerPage;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>The explorer of notebooks 1 to 3: a sentence, its rows in both tables, and their sum.</summary>
public sealed class LookupAndAddExplorerTests(ReadingRoom room)
{
    private const double Agreement = 1e-4;
    private const int FirstResult = 2;

    private static readonly string[] _words = ["the", "cat", "sat", "on", "a", "mat"];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Clicked_words_are_looked_up_and_added_as_TorchSharp_does(bool placed, bool adds)
    {
        var (table, positions) = Tables();
        var explorer = await Open(room, Explore.LookupAndAdd(
            _words, table, placed ? positions : null, adds, ids: placed ? [3] : [3, 0]));
        long[] ids = placed ? [3, 5, 0, 5, 1] : [3, 0, 5, 0, 5];
        foreach (var id in ids[(placed ? 1 : 2)..])
            await explorer.Click($".gx table tbody tr:nth-child({id + 1}) button");

        Assert.Equal(string.Join(' ', ids.Select(id => _words[id])), await explorer.Sentence);
        Assert.Contains($"ids: [{string.Join(", ", ids)}]", await explorer.Page.Text("document.body.innerText"),
            StringComparison.Ordinal);
        var (rows, places) = (table[tensor(ids)], positions[..ids.Length]);
        Tensor[] expected = !placed ? [table, rows] : adds ? [table, positions, rows, places, rows + places]
            : [table, positions, rows, places];
        for (var i = 0; i < expected.Length; i++) AssertEqual(Rows(expected[i]), await explorer.Table(i));
        Assert.Empty(explorer.Page.Complaints);
        Assert.All(explorer.Page.Requests, request => Assert.StartsWith("file:", request, StringComparison.Ordinal));
        await explorer.Page.Close();
    }

    [Fact]
    public async Task Words_are_swapped_moved_and_taken_away_with_mouse_finger_and_keys()
    {
        var explorer = await Open(room, Make());
        await explorer.ClickToken(1);
        await explorer.ClickToken(4);
        Assert.Equal("the a sat on cat mat", await explorer.Sentence);
        await explorer.Push("Swap first and last");
        Assert.Equal("mat a sat on cat the", await explorer.Sentence);
        await explorer.Drag(0, 3);
        Assert.Equal("a sat on mat cat the", await explorer.Sentence);
        await explorer.Swipe(5, 1);
        Assert.Equal("a the sat on mat cat", await explorer.Sentence);
        // A notebook has shortcuts of its own.
        await explorer.Page.Run("document.addEventListener('keydown', event => console.error('heard', event.key))");
        await explorer.Press(2, "ArrowRight", "ArrowRight", "ArrowLeft");
        Assert.Equal("a the on sat mat cat", await explorer.Sentence);
        await explorer.Press(0, "End");
        Assert.Equal("the on sat mat cat a", await explorer.Sentence);
        // The key takes the focus with it, and so does the next.
        await explorer.Page.Press("Home");
        Assert.Equal("a the on sat mat cat", await explorer.Sentence);
        await explorer.Page.Press("Delete");
        await explorer.Page.Press("Backspace");
        Assert.Equal("on sat mat cat", await explorer.Sentence);
        await explorer.ClickToken(1);
        await explorer.Push("Remove");
        Assert.Equal("on mat cat", await explorer.Sentence);

        var (table, positions) = Tables();
        AssertEqual(Rows(table[tensor(new long[] { 3, 5, 1 })] + positions[..3]), await explorer.Table(4));
        await explorer.Push("Start again");
        Assert.Equal("the cat sat on a mat", await explorer.Sentence);
        Assert.Empty(explorer.Page.Complaints);
        await explorer.Page.Close();
    }

    [Fact]
    public async Task A_swap_is_told_and_marked_where_it_changes_something_and_nowhere_else()
    {
        var explorer = await Open(room, Make());
        await explorer.ClickToken(1);
        await explorer.ClickToken(5);
        Assert.Equal(
            "“cat” and “mat” are swapped. Rows of the words: 2 of 6 changed places, their numbers are the same. "
            + "Rows of the positions: 0 of 6 changed. Sums: 2 of 6 changed, 2 of them to vectors that no row held "
            + "before. What changed is marked.", await explorer.Told);
        Assert.Equal(["1 5", "", "1 5"], await Changes(explorer));

        await explorer.Press(5, "Home");
        Assert.StartsWith("“cat” is at position 0. Rows of the words: 6 of 6 changed places", await explorer.Told,
            StringComparison.Ordinal);
        Assert.Equal(["0 1 2 3 4 5", "", "0 1 2 3 4 5"], await Changes(explorer));

        // A drag passes one word after the other, and is told as one change.
        await explorer.Drag(0, 2);
        Assert.Contains("3 of 6 changed places", await explorer.Told, StringComparison.Ordinal);
        Assert.Equal(["0 1 2", "", "0 1 2"], await Changes(explorer));
        await explorer.Page.Close();
    }

    [Fact]
    public async Task Equal_words_may_be_swapped_without_a_change_and_no_word_is_added_past_the_last_position()
    {
        var (table, positions) = Tables();
        var explorer = await Open(room, Explore.LookupAndAdd(_words, table, positions[..3], ids: [5, 0, 5]));
        await explorer.Push("Swap first and last");
        Assert.EndsWith("The rows are the same: it is the same word.", await explorer.Told, StringComparison.Ordinal);
        Assert.Equal(["", "", ""], await Changes(explorer));
        await explorer.Click(".gx table tbody button");
        Assert.Equal("The sentence is full: the positional table has 3 rows here, so there is none for word 4.",
            await explorer.Told);
        Assert.Equal("mat the mat", await explorer.Sentence);
        await explorer.Push("Remove");
        await explorer.Push("Remove");
        await explorer.Push("Remove");
        await explorer.Push("Remove");
        Assert.Equal("The sentence is empty.", await explorer.Told);
        await explorer.Push("Swap first and last");
        Assert.Equal("It takes two words to swap.", await explorer.Told);
        Assert.Empty(explorer.Page.Complaints);
        await explorer.Page.Close();
    }

    [Fact]
    public async Task Rows_slide_out_of_their_tables_unless_the_reader_wants_no_motion()
    {
        const string Moving = "document.getAnimations().filter(one => one.playState === 'running').length";
        const string Lit = "document.querySelectorAll('.gx-lit').length";
        var (table, positions) = Tables();
        var explorer = await Open(room, Explore.LookupAndAdd(_words, table, positions, ids: [0]));
        const string Click = "document.querySelector('.gx table tbody button').click()";
        await explorer.Page.Run(Click);
        Assert.Equal(("0", "5"), (await explorer.Page.Text(Moving), await explorer.Page.Text(Lit)));
        await explorer.Page.Show(1280, still: false);
        // The row of the word and the row of the position come from their tables.
        Assert.Equal("2", await explorer.Page.Text($"({Click}, {Moving})"));
        await explorer.Page.Close();
    }

    [Fact]
    public void What_cannot_be_looked_up_is_refused()
    {
        var (table, positions) = Tables();
        Refused("'wordTable' must have 2 rows", () => Explore.LookupAndAdd(["a", "b"], table));
        Refused("'wordTable' must be a 2-d tensor, and has shape (6,)",
            () => Explore.LookupAndAdd(_words, table[.., 0]));
        Refused("'wordTable' has 9 columns", () => Explore.LookupAndAdd(_words, rand(6, 9)));
        Refused("holds NaN or an infinite number", () => Explore.LookupAndAdd(_words, table / 0));
        Refused("'positionTable' must have 4 columns, and has shape (6, 3)",
            () => Explore.LookupAndAdd(_words, table, positions[.., ..3]));
        Refused("The id 6 is not in the vocabulary", () => Explore.LookupAndAdd(_words, table, ids: [0, 6]));
        Refused("The id -1 is not in the vocabulary", () => Explore.LookupAndAdd(_words, table, ids: [-1]));
        Refused("The sentence has 3 words, and there is room for 2",
            () => Explore.LookupAndAdd(_words, table, positions[..2], ids: [0, 0, 0]));
        Refused("The word at index 1 is null or blank", () => Explore.LookupAndAdd(["a", " "], table[..2]));
        Refused("There are 13 words", () => Explore.LookupAndAdd([.. Enumerable.Repeat("a", 13)], rand(13, 2)));
        Refused("wordTable", () => Explore.LookupAndAdd(_words, null!));
        Refused("words", () => Explore.LookupAndAdd(null!, table));
        table.Dispose();
        Refused("'wordTable' is disposed", () => Explore.LookupAndAdd(_words, table));
    }

    private static ExplorerView Make()
    {
        var (table, positions) = Tables();
        return Explore.LookupAndAdd(_words, table, positions);
    }

    private static (Tensor Table, Tensor Positions) Tables()
    {
        TorchRuntime.Load();
        var generator = new Generator(11);
        return (randn([6, 4], generator: generator), randn([6, 4], generator: generator));
    }

    private static async Task<string[]> Changes(ExplorerPage explorer) =>
    [
        await explorer.Changed(FirstResult), await explorer.Changed(FirstResult + 1),
        await explorer.Changed(FirstResult + 2),
    ];

    private static void AssertEqual(double[][] expected, double[][] shown)
    {
        Assert.Equal(expected.Select(row => row.Length), shown.Select(row => row.Length));
        foreach (var (row, shownRow) in expected.Zip(shown))
            foreach (var (number, shownNumber) in row.Zip(shownRow)) Assert.Equal(number, shownNumber, Agreement);
    }

    private static void Refused(string message, Func<View> make) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);
}
