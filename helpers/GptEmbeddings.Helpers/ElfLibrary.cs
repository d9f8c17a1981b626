using System.Buffers.Binary;
using System.Text;

namespace GptEmbeddings;

/// <summary>
/// A 64-bit little-endian x86-64 shared library, as far as symbol versions go.
/// Sources: System V gABI, chapters 4 (sections, symbols, relocations) and 5; Linux Standard Base Core 5.0,
/// "Symbol Versioning" (<c>.gnu.version</c>, <c>.gnu.version_d</c>, <c>.gnu.version_r</c>).
/// </summary>
internal sealed class ElfLibrary
{
    private const uint Rela = 4, Rel = 9, DynamicSymbols = 11;
    private const uint VersionsDefined = 0x6ffffffd, VersionsNeeded = 0x6ffffffe, VersionOfSymbol = 0x6fffffff;
    private const ushort Weak = 2;

    private readonly byte[] image;
    private readonly Section[] sections;

    /// <exception cref="InvalidDataException">The bytes are no such library, or the file is cut off.</exception>
    public ElfLibrary(byte[] image)
    {
        this.image = image;
        // e_ident: magic, ELFCLASS64, ELFDATA2LSB, EV_CURRENT; then e_type ET_DYN and e_machine EM_X86_64.
        if (!image.AsSpan().StartsWith<byte>([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]) || Half(16) != 3 || Half(18) != 62)
            throw new InvalidDataException("not a 64-bit x86-64 ELF shared library");
        var headers = Offset(40);
        sections = [.. Enumerable.Range(0, Half(60)).Select(i => ReadSection(headers + i * Half(58)))];
    }

    /// <summary>The versions this library wants from others.</summary>
    public IEnumerable<VersionNeed> Needs()
    {
        foreach (var section in Of(VersionsNeeded))
        {
            var need = section.Start;
            for (var i = 0u; i < section.Info; i++, need += Int(need + 12))         // Elfxx_Verneed, vn_next
            {
                var entry = need + Int(need + 8);                                    // vn_aux
                for (var k = 0; k < Half(need + 2); k++, entry += Int(entry + 12))   // vn_cnt; Elfxx_Vernaux, vna_next
                    yield return new(Text(section, Int(need + 4)), Text(section, Int(entry + 8)), (ushort)(Half(entry + 6) & 0x7fff), (Half(entry + 4) & Weak) != 0, entry + 4);
            }
        }
    }

    /// <summary>The versions this library offers.</summary>
    public IEnumerable<string> Offers()
    {
        foreach (var section in Of(VersionsDefined))
        {
            var definition = section.Start;
            for (var i = 0u; i < section.Info; i++, definition += Int(definition + 16))   // Elfxx_Verdef, vd_next
                yield return Text(section, Int(definition + Int(definition + 12)));       // vd_aux, vda_name
        }
    }

    /// <summary>The dynamic symbols bound to a version: index and name.</summary>
    public IEnumerable<(int Index, string Name)> SymbolsOf(VersionNeed need)
    {
        foreach (var versions in Of(VersionOfSymbol))
        {
            var symbols = sections[versions.Link];
            for (var i = 0; i < versions.Size / 2; i++)
                if ((Half(versions.Start + 2 * i) & 0x7fff) == need.Index)
                    yield return (i, Text(symbols, Int(symbols.Start + 24 * i)));
        }
    }

    /// <summary>Whether any relocation refers to a dynamic symbol.</summary>
    public bool Relocates(int symbol) =>
        Of(Rela).Concat(Of(Rel))
            .Where(section => sections[section.Link].Type == DynamicSymbols)
            .Any(section => Enumerable.Range(0, section.Size / (section.Type == Rela ? 24 : 16))
                .Any(i => Int(section.Start + i * (section.Type == Rela ? 24 : 16) + 12) == symbol));   // ELF64_R_SYM(r_info)

    /// <summary>The library with one need made weak: the loader then only warns when the version is absent.</summary>
    public byte[] WithWeak(VersionNeed need)
    {
        var copy = image.AsSpan().ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(need.FlagsOffset), (ushort)(Half(need.FlagsOffset) | Weak));
        return copy;
    }

    private IEnumerable<Section> Of(uint type) => sections.Where(section => section.Type == type);

    private Section ReadSection(int at)
    {
        var section = new Section((uint)Int(at + 4), Offset(at + 24), Offset(at + 32), Int(at + 40), (uint)Int(at + 44));
        if (section.Type != 8) Slice(section.Start, section.Size);   // all but SHT_NOBITS have their bytes in the file
        return section;
    }

    private string Text(Section section, int at)
    {
        var names = sections[section.Link];
        var text = Slice(names.Start + at, names.Size - at);
        return Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]);
    }

    private ushort Half(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(at, 2));

    private int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(Slice(at, 4));

    private int Offset(int at) => (int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(Slice(at, 8)), int.MaxValue);

    private ReadOnlySpan<byte> Slice(int at, int size) =>
        at >= 0 && size >= 0 && size <= image.Length - at
            ? image.AsSpan(at, size)
            : throw new InvalidDataException("the file is cut off or damaged");

    private readonly record struct Section(uint Type, int Start, int Size, int Link, uint Info);
}
