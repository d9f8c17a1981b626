using System.Globalization;
using System.Text;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>
/// What a terminal shows of printed text: a carriage return goes back to overwrite the line, a backspace goes back a
/// letter, and escape sequences (ECMA-48) move, erase and color. Other control
/// characters are not shown.
/// </summary>
internal sealed class ScreenText
{
    // Sequences of a few letters may ask for any distance: a program that moves has a screen in mind.
    private const int WidestMove = 200;

    private readonly string _text;
    private readonly List<List<(string Letter, string Look)>> _lines = [[]];
    private int _at, _row, _column;
    private string _color = "";
    private bool _bold;

    private ScreenText(string text) => _text = text;

    /// <summary>Gives the text in pieces, each with the classes of its look: <c>bold</c>, <c>ink-1</c> to
    /// <c>ink-7</c>, the colors of a terminal from red to white.</summary>
    public static IEnumerable<(string Text, string Look)> Pieces(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        return text.Any(IsControl) ? new ScreenText(text).Show() : [(text, "")];
    }

    /// <summary>Gives the text alone.</summary>
    public static string Of(string text) => string.Concat(Pieces(text).Select(piece => piece.Text));

    private static bool IsControl(char letter) => letter is not ('\n' or '\t') && char.IsControl(letter);

    private IEnumerable<(string Text, string Look)> Show()
    {
        while (_at < _text.Length)
        {
            var letter = _text[_at++];
            if (letter == '\n') MoveTo(_row + 1, 0, grows: true);
            else if (letter == '\r') _column = 0;
            else if (letter == '\b') _column = Math.Max(0, _column - 1);
            else if (letter == '\t') MoveTo(_row, (_column / 8 + 1) * 8);
            else if (letter == '\e') Escape();
            else if (letter == '\u009b') Control();
            else if (!IsControl(letter)) Write();
        }

        var shown = new StringBuilder();
        var look = "";
        foreach (var (index, line) in _lines.Index())
        {
            if (index > 0) shown.Append('\n');
            foreach (var (letter, own) in line)
            {
                if (own != look)
                {
                    if (shown.Length > 0) yield return (shown.ToString(), look);
                    shown.Clear();
                    look = own;
                }

                shown.Append(letter);
            }
        }

        if (shown.Length > 0) yield return (shown.ToString(), look);
    }

    private void Write()
    {
        var length = StringInfo.GetNextTextElementLength(_text, --_at);
        var line = _lines[_row];
        while (line.Count < _column) line.Add((" ", ""));
        if (line.Count == _column) line.Add(default);
        line[_column++] = (_text.Substring(_at, length), (_bold ? "bold " : "") + _color);
        _at += length;
    }

    private void Escape()
    {
        if (_at == _text.Length) return;
        var kind = _text[_at++];
        if (kind == '[') Control();
        else if (kind is ']' or 'P' or 'X' or '^' or '_') SkipString();
        else
            while (kind is >= ' ' and <= '/' && _at < _text.Length) kind = _text[_at++];
    }

    // A title or a link: its text is no part of the screen.
    private void SkipString()
    {
        while (_at < _text.Length && _text[_at] is not ('\a' or '\u009c' or '\e' or '\n')) _at++;
        if (_at == _text.Length || _text[_at] == '\n') return;
        if (_text[_at++] == '\e' && _at < _text.Length && _text[_at] == '\\') _at++;
    }

    private void Control()
    {
        var start = _at;
        while (_at < _text.Length && _text[_at] is >= ' ' and <= '?') _at++;
        if (_at == _text.Length) return;
        var parameters = _text[start.._at];
        var kind = _text[_at];
        // Anything else breaks the sequence off.
        if (kind is < '@' or > '~') return;
        _at++;
        if (parameters.Any(letter => letter is < '0' or > ';')) return;
        int[] numbers = [.. parameters.Split(';').Select(number =>
            int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1)];
        var (first, distance) = (numbers[0], Math.Max(1, numbers[0]));
        if (kind == 'm') Look(numbers);
        else if (kind == 'A') MoveTo(_row - distance, _column);
        else if (kind == 'B') MoveTo(_row + distance, _column);
        else if (kind == 'C') MoveTo(_row, _column + distance);
        else if (kind == 'D') MoveTo(_row, _column - distance);
        else if (kind == 'E') MoveTo(_row + distance, 0);
        else if (kind == 'F') MoveTo(_row - distance, 0);
        else if (kind == 'G') MoveTo(_row, distance - 1);
        else if (kind is 'H' or 'f') MoveTo(distance - 1, Math.Max(1, numbers.Length > 1 ? numbers[1] : 1) - 1);
        else if (kind == 'J') EraseScreen(first);
        else if (kind == 'K') EraseLine(first);
    }

    private void EraseLine(int part)
    {
        var line = _lines[_row];
        if (part == 2) line.Clear();
        else if (part <= 0 && line.Count > _column) line.RemoveRange(_column, line.Count - _column);
        for (var i = 0; part == 1 && i <= Math.Min(_column, Math.Min(line.Count, WidestMove) - 1); i++)
            line[i] = (" ", "");
    }

    private void EraseScreen(int part)
    {
        if (part == 2) MoveTo(0, 0);
        if (part is not (2 or <= 0)) return;
        EraseLine(0);
        _lines.RemoveRange(_row + 1, _lines.Count - _row - 1);
    }

    private void MoveTo(int row, int column, bool grows = false)
    {
        if (grows && row == _lines.Count) _lines.Add([]);
        _row = Math.Clamp(row, 0, _lines.Count - 1);
        _column = Math.Clamp(column, 0, Math.Max(_lines[_row].Count, WidestMove));
    }

    private void Look(int[] numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
            switch (numbers[i])
            {
                case <= 0: (_bold, _color) = (false, ""); break;
                case 1: _bold = true; break;
                case 22: _bold = false; break;
                case (>= 31 and <= 37) or (>= 91 and <= 97): _color = $"ink-{numbers[i] % 10}"; break;
                case 30 or 90 or 39: _color = ""; break;
                // One of 256 colors, or red, green and blue: not shown, and no looks of their own.
                case 38 or 48 or 58: i += numbers.ElementAtOrDefault(i + 1) == 5 ? 2 : 4; break;
            }

        if (numbers.Contains(38)) _color = "";
    }
}
