using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>
/// The libraries here are TorchSharp's own, with bytes changed. In most of them the version GLIBCXX_3.4.32 is renamed
/// to one that no libstdc++ has, so that the tests mean the same on every Linux.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class LibstdcxxRepairTests : IDisposable
{
    private const UnixFileMode OnlyMine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _root = Directory.CreateTempSubdirectory("libstdcxx-repair-").FullName;
    private readonly byte[] _image;

    public LibstdcxxRepairTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux()
            && NativeFiles.Platform == "linux-x64", "Only Linux x64 has this library.");
        _image = File.ReadAllBytes(NativeFiles.Find("LibTorchSharp")!);
        Rename("GLIBCXX_3.4.32", "GLIBCXX_9.9.99");
    }

    private string Copies => Path.Combine(_root, "copies");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_copy_differs_in_one_bit_and_wants_every_version_but_one()
    {
        var copy = File.ReadAllBytes(Repair()!);

        var changed = Enumerable.Range(0, _image.Length).Where(i => _image[i] != copy[i]).ToArray();
        Assert.Equal(_image.Length, copy.Length);
        Assert.Equal(2, _image[Assert.Single(changed)] ^ copy[changed[0]]);
        Assert.Equal(28, new ElfLibrary(_image).Needs().Count());
        Assert.Equal(["GLIBCXX_9.9.99"],
            new ElfLibrary(copy).Needs().Where(need => need.IsWeak).Select(need => need.Version));
    }

    [Fact]
    public void The_copy_is_private_and_nothing_else_is_left()
    {
        var copy = Repair()!;

        Assert.Equal([copy], Directory.GetFileSystemEntries(Copies));
        Assert.Equal(OnlyMine, File.GetUnixFileMode(Copies));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
    }

    [Fact]
    public void Different_libraries_have_different_copies()
    {
        var first = Repair();
        _image[^1] ^= 1;

        Assert.NotEqual(first, Repair());
        Assert.Equal(2, Directory.GetFiles(Copies).Length);
    }

    [Fact]
    public void A_present_copy_is_kept_as_it_is()
    {
        var copy = Repair()!;
        var written = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(copy, written);

        Assert.Equal(copy, Repair());
        Assert.Equal(written, File.GetLastWriteTimeUtc(copy));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public void A_copy_that_is_cut_off_is_written_anew(int length)
    {
        var copy = Repair()!;
        var right = File.ReadAllBytes(copy);
        File.WriteAllBytes(copy, right[..length]);

        Repair();

        Assert.Equal(right, File.ReadAllBytes(copy));
    }

    [Fact]
    public void A_copy_that_others_may_write_to_is_written_anew()
    {
        var copy = Repair()!;
        File.SetUnixFileMode(copy, OnlyMine | UnixFileMode.OtherWrite);

        Repair();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_folder_that_others_may_write_to_is_refused(UnixFileMode others)
    {
        Directory.CreateDirectory(Copies);
        File.SetUnixFileMode(Copies, OnlyMine | others);

        var message = Assert.Throws<TorchLoadException>(Repair).Message;

        Assert.Contains(Copies, message, StringComparison.Ordinal);
        Assert.Contains("Other users may write to it", message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Copies));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_folder_that_others_may_rename_is_refused(UnixFileMode others)
    {
        File.SetUnixFileMode(_root, OnlyMine | others);

        Assert.Contains($"Other users may write to {_root}, which `chmod go-w`",
            Assert.Throws<TorchLoadException>(Repair).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_others_may_rename_is_refused_behind_a_link_too()
    {
        var open = Directory.CreateDirectory(Path.Combine(_root, "open", "inner")).Parent!.FullName;
        File.SetUnixFileMode(open, OnlyMine | UnixFileMode.OtherWrite);
        Directory.CreateSymbolicLink(Copies, Path.Combine(open, "inner"));

        Assert.Contains($"Other users may write to {open}", Assert.Throws<TorchLoadException>(Repair).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_belongs_to_another_user_is_refused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give a folder away.");
        Directory.CreateDirectory(Copies);
        Give(Copies);
        Assert.Contains("belongs to another user", Assert.Throws<TorchLoadException>(Repair).Message,
            StringComparison.Ordinal);

        Directory.Delete(Copies);
        Give(_root);
        Assert.Contains($"{_root} belongs to another user", Assert.Throws<TorchLoadException>(Repair).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkfifo")]
    [InlineData("ln -s /dev/zero")]
    [InlineData("install -m 666 /dev/null")]
    public void Whatever_has_the_name_of_the_copy_gives_way_to_it(string command)
    {
        var copy = Repair()!;
        var right = File.ReadAllBytes(copy);
        File.Delete(copy);
        Run("/bin/sh", "-c", $"{command} '{copy}'");

        Assert.Equal(copy, Repair());
        Assert.Equal(right, File.ReadAllBytes(copy));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
    }

    [Fact]
    public void A_folder_of_the_name_of_the_copy_is_named_with_the_remedy()
    {
        var copy = Repair()!;
        File.Delete(copy);
        Directory.CreateDirectory(copy);

        Assert.Contains("XDG_DATA_HOME", Assert.Throws<TorchLoadException>(Repair).Message, StringComparison.Ordinal);
        Assert.Equal([copy], Directory.GetFileSystemEntries(Copies));
    }

    [Fact]
    public void A_folder_that_others_may_only_read_is_closed_to_them()
    {
        Directory.CreateDirectory(Copies);
        File.SetUnixFileMode(Copies, OnlyMine | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        Assert.NotNull(Repair());
        Assert.Equal(OnlyMine, File.GetUnixFileMode(Copies));
    }

    [Fact]
    public void A_library_that_lacks_nothing_is_left_alone()
    {
        Rename("GLIBCXX_9.9.99", "GLIBCXX_3.4.22");

        Assert.Null(Repair());
        Assert.False(Directory.Exists(Copies));
    }

    [Fact]
    public void A_second_missing_version_is_refused_and_both_are_named()
    {
        Rename("GLIBCXX_3.4.29", "GLIBCXX_9.9.98");

        Refused("GLIBCXX_9.9.98 of libstdc++.so.6, GLIBCXX_9.9.99 of libstdc++.so.6");
    }

    [Fact]
    public void A_missing_version_of_another_library_is_refused()
    {
        Rename("GLIBCXX_9.9.99", "GLIBCXX_3.4.22");
        Rename("GLIBC_2.34", "GLIBC_9.99");

        Refused("GLIBC_9.99 of libc.so.6");
    }

    [Fact]
    public void A_second_symbol_of_the_missing_version_is_refused()
    {
        var versions = Section(0x6fffffff).Offset;
        var wanted = new ElfLibrary(_image).Needs().Single(need => need.Version == "GLIBCXX_9.9.99").Index;
        BinaryPrimitives.WriteUInt16LittleEndian(_image.AsSpan(versions + 2 * 1), wanted);

        Refused("really uses it");
    }

    [Fact]
    public void Another_symbol_than_the_anchor_is_refused()
    {
        Rename("_ZSt21ios_base_library_initv", "_ZSt21ios_base_library_exitv");

        Refused("really uses it");
    }

    [Fact]
    public void A_relocation_against_the_anchor_is_refused()
    {
        var need = new ElfLibrary(_image).Needs().Single(need => need.Version == "GLIBCXX_9.9.99");
        var (index, _) = new ElfLibrary(_image).SymbolsOf(need).Single();
        var (offset, size) = Section(4);   // SHT_RELA: the last entry's symbol, in the upper half of r_info
        BinaryPrimitives.WriteInt32LittleEndian(_image.AsSpan(offset + size - 24 + 12), index);

        Refused("really uses it");
    }

    [Fact]
    public void Whatever_is_damaged_ends_in_a_copy_or_a_refusal_and_never_elsewhere()
    {
        var whole = _image.ToArray();
        var random = new Random(42);
        var headers = Section(0).Offset;   // the section headers themselves
        for (var i = 0; i < 60; i++)
        {
            whole.CopyTo(_image, 0);
            // Bytes of the file header, of the section headers, of the versions.
            foreach (var (start, size) in ((int, int)[])[(16, 48), (headers, 31 * 64), Section(whole, 0x6ffffffe)])
                if (random.Next(2) == 0) _image[start + random.Next(size)] = (byte)random.Next(256);
            try { Repair(); }
            catch (TorchLoadException) { }
        }
        Assert.All(Directory.Exists(Copies) ? Directory.GetFiles(Copies) : [], copy =>
            Assert.EndsWith(".so", copy, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_ends_before_its_last_segment_is_cut_off_and_one_that_ends_behind_it_is_not()
    {
        // The last PT_LOAD of the real library, as readelf -l lists it: offset 0x1d1a90, size in the file 0x5c30.
        const int End = 0x1d1a90 + 0x5c30;
        Assert.All((int[])[64, 4096, 1_000_000, End - 1], length =>
            Assert.True(ElfLibrary.IsCutOff(new MemoryStream(_image, 0, length))));
        Assert.All((int[])[End, _image.Length], length =>
            Assert.False(ElfLibrary.IsCutOff(new MemoryStream(_image, 0, length))));
    }

    private string? Repair()
    {
        var library = Path.Combine(_root, "libLibTorchSharp.so");
        File.WriteAllBytes(library, _image);
        return LibstdcxxRepair.Repair(library, Copies);
    }

    private static void Give(string folder) => Run("chown", "1234", folder);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private void Refused(string cause)
    {
        var message = Assert.Throws<TorchLoadException>(Repair).Message;
        Assert.StartsWith($"{Path.Combine(_root, "libLibTorchSharp.so")} cannot be loaded", message,
            StringComparison.Ordinal);
        Assert.Contains(cause, message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Copies));
    }

    private void Rename(string from, string to)
    {
        Assert.Equal(from.Length, to.Length);
        var at = _image.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{from}\0"));
        Encoding.ASCII.GetBytes(to).CopyTo(_image, at + 1);
    }

    private (int Offset, int Size) Section(int type) => Section(_image, type);

    // Type 0 stands first, and tells where the headers are.
    private static (int Offset, int Size) Section(byte[] image, int type)
    {
        var headers = (int)BinaryPrimitives.ReadInt64LittleEndian(image.AsSpan(40));
        if (type == 0) return (headers, 0);
        var header = Enumerable.Range(0, BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(60)))
            .Select(i => headers + i * 64)
            .First(at => BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(at + 4)) == type);
        return ((int)BinaryPrimitives.ReadInt64LittleEndian(image.AsSpan(header + 24)),
            (int)BinaryPrimitives.ReadInt64LittleEndian(image.AsSpan(header + 32)));
    }
}
