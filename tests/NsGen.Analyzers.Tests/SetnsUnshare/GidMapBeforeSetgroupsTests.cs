using NsGen.Analyzers.SetnsUnshare;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.SetnsUnshare;

public sealed class GidMapBeforeSetgroupsTests
{
    private static Task Reports(string markup, VerifyOptions? options = null) => Verify.ReportsAsync<GidMapBeforeSetgroupsAnalyzer>(markup, options);

    private static Task Silent(string code) => Verify.SilentAsync<GidMapBeforeSetgroupsAnalyzer>(code);

    [Reports(RuleIds.GidMapBeforeSetgroups)]
    public Task Files_written_in_the_wrong_order() => Reports(
        """
        using static Tmds.Linux.LibC;

        class C
        {
            static void M(int pid, int gid)
            {
                File.WriteAllText($"/proc/{pid}/uid_map", "0 1000 1");
                [|File.WriteAllText($"/proc/{pid}/gid_map", $"0 {gid} 1\n")|];
                File.WriteAllText($"/proc/{pid}/setgroups", "deny");
            }
        }
        """,
        new() { Message = "'WriteAllText' writes '/proc/…/gid_map' while setgroups is allowed: without CAP_SETGID in the parent namespace the kernel refuses it with EPERM. Write \"deny\" to /proc/PID/setgroups first." });

    [Reports(RuleIds.GidMapBeforeSetgroups)]
    public Task Raw_writes_and_streams() => Reports("""
        static unsafe class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int open(string path, int flags);

            [DllImport("libc", SetLastError = true)]
            static extern nint write(int fd, byte[] buffer, nint count);

            static void Raw(byte[] map)
            {
                int setgroups = open("/proc/self/setgroups", 1);
                int gidMap = open("/proc/self/gid_map", 1);
                [|write(gidMap, map, map.Length)|];
                write(setgroups, "deny"u8.ToArray(), 4);
            }

            static void Streams(int pid, string map)
            {
                using StreamWriter writer = new($"/proc/{pid}/gid_map");
                [|writer.Write(map)|];
                using FileStream stream = File.OpenWrite($"/proc/{pid}/gid_map");
                [|stream.Write("0 0 1"u8)|];
                using var handle = File.OpenHandle($"/proc/{pid}/gid_map", FileMode.Open, FileAccess.Write);
                [|RandomAccess.Write(handle, "0 0 1"u8, 0)|];
            }

            static void Allowed(int pid, string map, bool b)
            {
                File.WriteAllText($"/proc/{pid}/setgroups", "allow");
                if (b)
                {
                    [|File.WriteAllText($"/proc/{pid}/gid_map", map)|];
                }
            }
        }
        """);

    [Silent(RuleIds.GidMapBeforeSetgroups)]
    public Task Denied_or_perhaps_denied_is_silent() => Silent("""
        using static Tmds.Linux.LibC;

        class C
        {
            static void Straight(int pid, int gid)
            {
                File.WriteAllText($"/proc/{pid}/setgroups", "deny");
                File.WriteAllText($"/proc/{pid}/gid_map", $"0 {gid} 1");
            }

            static void WhereThereIsOne(int pid, int gid)
            {
                string setgroups = $"/proc/{pid}/setgroups";
                if (File.Exists(setgroups))
                {
                    File.WriteAllText(setgroups, "deny");
                }

                File.WriteAllText($"/proc/{pid}/gid_map", $"0 {gid} 1");
            }

            static void Deny(int pid)
            {
                Console.WriteLine(pid);
                using StreamWriter writer = new($"/proc/{pid}/setgroups");
                writer.Write("deny");
            }

            static void ByHelper(int pid, string map)
            {
                Deny(pid);
                File.WriteAllText($"/proc/{pid}/gid_map", map);
            }

            static void Set(int pid, string file, string text) => File.WriteAllText($"/proc/{pid}/{file}", text);

            static void BySetter(int pid, string map)
            {
                Set(pid, "setgroups", "deny");
                File.WriteAllText($"/proc/{pid}/gid_map", map);
            }

            static void AllBySetter(int pid, string map)
            {
                Set(pid, "gid_map", map);
            }

            static void Caller(int pid, string map)
            {
                Deny(pid);
                Map(pid, map);
            }

            static void Map(int pid, string map) => File.WriteAllText($"/proc/{pid}/gid_map", map);
        }
        """);

    [Silent(RuleIds.GidMapBeforeSetgroups)]
    public Task Maps_that_take_privileges_and_other_files_are_silent() => Silent("""
        using static Tmds.Linux.LibC;

        class C
        {
            static void M(int pid, int gid, string directory)
            {
                // Ranges and several lines: only for CAP_SETGID, which need not deny anything.
                File.WriteAllText($"/proc/{pid}/gid_map", "0 100000 65536");
                File.WriteAllText($"/proc/{pid}/gid_map", $"0 {gid} 1\n1 100000 65536\n");
                File.WriteAllText($"/proc/{pid}/uid_map", $"0 {gid} 1");
                File.WriteAllText($"{directory}/gid_map", $"0 {gid} 1");
                File.WriteAllText("/tmp/gid_map", "0 0 1");
                Console.WriteLine(File.ReadAllText($"/proc/{pid}/gid_map"));
            }
        }
        """);
}
