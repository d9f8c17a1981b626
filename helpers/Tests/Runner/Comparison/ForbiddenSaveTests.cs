using System.Runtime.InteropServices;
using System.Text;
using GptEmbeddings.NotebookRunner;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Notebooks that must not be saved, and what saving keeps of a file.</summary>
[Collection<WholeProcess>]
public sealed class ForbiddenSaveTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_read_only_notebook_is_refused_before_it_runs_also_for_root()
    {
        var path = _folder.Write("a.ipynb", "System.IO.File.WriteAllText(\"ran\", \"\");\n1");
        File.SetAttributes(path, FileAttributes.ReadOnly);
        await Assert_refused(path, "a.ipynb: the file is read-only. Make it writable to save it.");
        File.SetAttributes(path, FileAttributes.Normal);
    }

    [Fact]
    public async Task A_notebook_of_two_names_is_refused_before_it_runs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells the number of hard links here.");
        var path = _folder.Write("a.ipynb", "System.IO.File.WriteAllText(\"ran\", \"\");\n1");
        await Run("ln", "a.ipynb", "b.txt");
        await Assert_refused(path, "a.ipynb: the file has 2 names (hard links)");
    }

    [Fact]
    public async Task A_notebook_of_another_user_is_refused_before_it_runs_though_anyone_may_write_to_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give a file away.");
        var path = _folder.Write("a.ipynb", "System.IO.File.WriteAllText(\"ran\", \"\");\n1");
        await Run("chown", "1234:2345", path);
        await Run("chmod", "666", path);
        // There root is not root of what belongs to others.
        var result = await RunnerProcess.InMountNamespace(
            _folder.FullPath, "\"$@\" save a.ipynb; echo \"exit code $?\"");
        Assert.Equal($"exit code {Runner.WrongRequest}\n", result.Output);
        Assert.Contains("a.ipynb: the file belongs to another user or group", result.Errors, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.FullPath));
    }

    [Fact]
    public async Task A_notebook_made_read_only_while_it_runs_is_not_saved()
    {
        var path = _folder.Write("a.ipynb",
            "System.IO.File.SetAttributes(\"a.ipynb\", System.IO.FileAttributes.ReadOnly);\n1");
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var result = await NotebookFolder.Run("save", path);
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("the file is read-only", result.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        File.SetAttributes(path, FileAttributes.Normal);
    }

    [Fact]
    public async Task Saving_keeps_mode_and_owner()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Owners of Linux.");
        var path = _folder.Write("a.ipynb", "1");
        await Run("chmod", "640", path);
        // Only root can give a file away; for others the owner is theirs before and after.
        if (Environment.IsPrivilegedProcess) await Run("chown", "1234:2345", path);
        var before = await Run("stat", "-c", "%u:%g %a", path);
        Assert.Equal(Runner.AllWell, (await NotebookFolder.Run("save", path)).ExitCode);
        Assert.Single(_folder.Outputs("a.ipynb")[0].EnumerateArray());
        Assert.Equal(before, await Run("stat", "-c", "%u:%g %a", path));
    }

    [Fact]
    public async Task A_notebook_that_is_mounted_by_itself_is_refused_before_it_runs()
    {
        var path = _folder.Write("a.ipynb", "System.IO.File.WriteAllText(\"ran\", \"\");\n1");
        var result = await RunnerProcess.InMountNamespace(
            _folder.FullPath, "mount --bind a.ipynb a.ipynb || exit 99\n\"$@\" save a.ipynb; echo \"exit code $?\"");
        Assert.Equal($"exit code {Runner.WrongRequest}\n", result.Output);
        Assert.Contains("a.ipynb: the file is mounted by itself", result.Errors, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.FullPath));
    }

    [Fact]
    public async Task Saving_keeps_extended_attributes_and_access_lists_and_takes_none_from_the_folder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Attributes of Linux.");
        // Version 2, and entries of a tag, rights and a number: owner, user 1234, group, mask, others.
        byte[] list =
            [2, 0, 0, 0, .. Entry(1, 6), .. Entry(2, 4, 1234), .. Entry(4, 4), .. Entry(16, 4), .. Entry(32, 0)];
        var (path, plain) = (_folder.Write("a.ipynb", "1"), _folder.Write("b.ipynb", "1"));
        Assert.SkipUnless(
            SetAttribute(path, "user.note", "x"u8.ToArray()) && SetAttribute(path, "system.posix_acl_access", list)
                && SetAttribute(_folder.FullPath, "system.posix_acl_default", list),
            "The file system keeps no attributes.");
        Assert.Equal(Runner.AllWell, (await NotebookFolder.Run("save", path, plain)).ExitCode);
        Assert.NotEmpty(_folder.Outputs("a.ipynb")[0].EnumerateArray());
        Assert.Equal("x"u8, Attribute(path, "user.note"));
        Assert.Equal(list, Attribute(path, "system.posix_acl_access"));
        Assert.NotEmpty(_folder.Outputs("b.ipynb")[0].EnumerateArray());
        Assert.Empty(Attribute(plain, "system.posix_acl_access"));

        static byte[] Entry(byte tag, byte rights, uint user = uint.MaxValue) =>
            [tag, 0, rights, 0, .. BitConverter.GetBytes(user)];
    }

    private static byte[] Attribute(string path, string name)
    {
        var value = new byte[100];
        return value[..Math.Max(0, (int)GetAttribute(Bytes(path), Bytes(name), value, value.Length))];
    }

    private static bool SetAttribute(string path, string name, byte[] value) =>
        SetAttribute(Bytes(path), Bytes(name), value, value.Length, 0) == 0;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text + '\0');

    [DllImport("libc", EntryPoint = "setxattr"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetAttribute(byte[] path, byte[] name, byte[] value, nint size, int flags);

    [DllImport("libc", EntryPoint = "getxattr"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GetAttribute(byte[] path, byte[] name, [Out] byte[] value, nint size);

    [Fact]
    public async Task A_name_as_long_as_names_can_be_is_saved()
    {
        var name = new string('a', 255 - ".ipynb".Length) + ".ipynb";
        Assert.Equal(Runner.AllWell, (await NotebookFolder.Run("save", _folder.Write(name, "1"))).ExitCode);
        Assert.Single(_folder.Outputs(name)[0].EnumerateArray());
        Assert.Equal([_folder.PathOf(name)], Directory.GetFileSystemEntries(_folder.FullPath));
    }

    private async Task<string> Run(string program, params string[] arguments)
    {
        var result = await RunnerProcess.Result(RunnerProcess.StartProgram(_folder.FullPath, program, arguments));
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        return result.Output;
    }

    private async Task Assert_refused(string path, string reason)
    {
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var result = await NotebookFolder.Run("save", path);
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.PathOf("ran")));
        Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }
}
