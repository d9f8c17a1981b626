using System.Buffers.Binary;
using System.Text;

namespace GptEmbeddings;

/// <summary>
/// A shared library for Linux x64, as far as its symbol versions go.
/// Sources: System V gABI, chapters 4 and 5 (headers, symbols, relocations); Linux Standard Base Core 5.0, chapter
/// "Symbol Versioning" (<c>.gnu.version</c>, <c>.gnu.version_d</c>, <c>.gnu.version_r</c>).
/// </summary>
internal sealed class ElfLibrary
{
    private const int Rela = 4, NoBits = 8, Rel = 9, DynamicSymbols = 11;
    private const int VersionsDefined = 0x6ffffffd, VersionsNeeded = 0x6ffffffe, VersionOfSymbol = 0x6fffffff;
    private const int SymbolSize = 24, RelaSize = 24, RelSize = 16;
    private const ushort Weak = 2;   // VER_FLG_WEAK

    private readonly byte[] _image;
    private readonly Section[] _sections;

    /// <param name="image">The whole file.</param>
    /// <exception cref="InvalidDataException">The bytes are no such library, or not all of it.</exception>
    public ElfLibrary(byte[] image)
    {
        _image = image;
        if (!HasHeader(image)) throw new InvalidDataException("This is no shared library for Linux x64.");
        var headers = Offset(40);
        _sections = [.. Enumerable.Range(0, Half(60)).Select(i => ReadSection(headers + i * Half(58)))];
    }

    /// <summary>
    /// Whether a library's file ends before what must be loaded of it. The loader does not notice: it maps what is not
    /// there, and the whole process dies of a bus error. False for a file of another kind, which the loader refuses.
    /// </summary>
    public static bool IsCutOff(Stream file)
    {
        var header = new byte[64];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !HasHeader(header))
            return false;

        var programHeaders = new byte[BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56)) * 56];
        var at = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32));
        if (at < 0 || at > file.Length) return true;
        file.Position = at;
        if (file.ReadAtLeast(programHeaders, programHeaders.Length, throwOnEndOfStream: false) < programHeaders.Length)
            return true;
        return programHeaders.Chunk(56).Any(segment =>
            BinaryPrimitives.ReadInt32LittleEndian(segment) == 1   // PT_LOAD
            && BinaryPrimitives.ReadInt64LittleEndian(segment.AsSpan(8))
                + BinaryPrimitives.ReadInt64LittleEndian(segment.AsSpan(32)) > file.Length);
    }

    /// <summary>The versions this library wants of others.</summary>
    public IEnumerable<VersionNeed> Needs()
    {
        foreach (var section in Of(VersionsNeeded))
        {
            var need = section.Start;
            for (var i = 0; i < Count(section); i++, need += Int(need + 12))         // Elfxx_Verneed, vn_next
            {
                var entry = need + Int(need + 8);                                    // vn_aux
                for (var k = 0; k < Half(need + 2); k++, entry += Int(entry + 12))   // vn_cnt; Elfxx_Vernaux, vna_next
                    yield return new VersionNeed(
                        Library: Text(section, Int(need + 4)),
                        Version: Text(section, Int(entry + 8)),
                        Index: Half(entry + 6),
                        IsWeak: (Half(entry + 4) & Weak) != 0,
                        FlagsOffset: entry + 4);
            }
        }
    }

    /// <summary>The versions this library offers.</summary>
    public IEnumerable<string> Offers()
    {
        foreach (var section in Of(VersionsDefined))
        {
            var definition = section.Start;
            for (var i = 0; i < Count(section); i++, definition += Int(definition + 16))   // Elfxx_Verdef, vd_next
                yield return Text(section, Int(definition + Int(definition + 12)));        // vd_aux, vda_name
        }
    }

    /// <summary>The dynamic symbols that come with a version: their indices and names.</summary>
    public IEnumerable<(int Index, string Name)> SymbolsOf(VersionNeed need)
    {
        foreach (var versions in Of(VersionOfSymbol))
            for (var i = 0; i < versions.Size / 2; i++)
                if ((Half(versions.Start + 2 * i) & 0x7fff) == need.Index)   // bit 15 hides a symbol
                    yield return (i, Text(Linked(versions), Int(Linked(versions).Start + SymbolSize * i)));
    }

    /// <summary>Whether any relocation refers to a dynamic symbol, that is, whether anything uses it.</summary>
    public bool Relocates(int symbol) => RelocatesIn(Rela, RelaSize, symbol) || RelocatesIn(Rel, RelSize, symbol);

    /// <summary>The same library, except that it tolerates the absence of one version.</summary>
    public byte[] Without(VersionNeed need)
    {
        var copy = _image.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(need.FlagsOffset),
            (ushort)(Half(need.FlagsOffset) | Weak));
        return copy;
    }

    private bool RelocatesIn(int type, int size, int symbol) =>
        Of(type).Where(section => Linked(section).Type == DynamicSymbols)
            .Any(section => Enumerable.Range(0, section.Size / size)
                .Any(i => Int(section.Start + i * size + 12) == symbol));   // the upper half of r_info

    // e_ident (ELFCLASS64, ELFDATA2LSB, EV_CURRENT), e_type ET_DYN, e_machine EM_X86_64
    private static bool HasHeader(ReadOnlySpan<byte> file) =>
        file.Length >= 64
        && file.StartsWith("\u007fELF\u0002\u0001\u0001"u8)
        && file[16..20].SequenceEqual<byte>([3, 0, 62, 0]);

    private Section ReadSection(int at)
    {
        var section = new Section(Int(at + 4), Offset(at + 24), Offset(at + 32), Int(at + 40), Int(at + 44));
        if (section.Type != NoBits) Slice(section.Start, section.Size);
        return section;
    }

    private IEnumerable<Section> Of(int type) => _sections.Where(section => section.Type == type);

    private Section Linked(Section section) =>
        section.Link >= 0 && section.Link < _sections.Length ? _sections[section.Link] : throw Damaged();

    // An entry has at least 16 bytes; a greater count is nonsense.
    private static int Count(Section section) => section.Info <= section.Size / 16 ? section.Info : throw Damaged();

    private string Text(Section section, int at)
    {
        var names = Linked(section);
        var text = Slice(names.Start + at, names.Size - at);
        var end = text.IndexOf((byte)0);
        return end >= 0 ? Encoding.UTF8.GetString(text[..end]) : throw Damaged();
    }

    private ushort Half(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(at, 2));

    private int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(Slice(at, 4));

    private int Offset(int at) => (int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(Slice(at, 8)), int.MaxValue);

    private ReadOnlySpan<byte> Slice(int at, int size) =>
        at >= 0 && size >= 0 && size <= _image.Length - at ? _image.AsSpan(at, size) : throw Damaged();

    private static InvalidDataException Damaged() => new("The library is cut off or damaged.");

    private readonly record struct Section(int Type, int Start, int Size, int Link, int Info);
}
