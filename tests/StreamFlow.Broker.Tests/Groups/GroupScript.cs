using System.Globalization;
using System.Text;
using StreamFlow.Broker.Groups;

namespace StreamFlow.Broker.Tests.Groups;

/// <summary>
/// Drives a <see cref="ClassicGroup"/> by commands and writes down everything that comes out, so that a test reads as a transcript.
/// Members are named by the last part of their id; time is in ms and moves by <c>wait</c>, which rings every alarm on its way.
/// </summary>
internal sealed class GroupScript
{
    private readonly ClassicGroup _group;
    private readonly GroupEffects _effects = new();
    private readonly StringBuilder _output = new();
    private readonly Dictionary<long, string> _tokens = [];
    private long _now;
    private long _lastToken;

    private GroupScript(GroupSettings settings) => _group = new ClassicGroup("g", settings);

    /// <summary>Runs commands, one a line, and gives the transcript.</summary>
    public static string Run(string commands, GroupSettings? settings = null)
    {
        var script = new GroupScript(settings ?? new GroupSettings());
        foreach (var line in commands.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            script._output.Append("> ").AppendLine(line);
            script.Execute(line.Split(' '));
            script.Emit();
        }

        return script._output.ToString().ReplaceLineEndings("\n");
    }

    private void Execute(string[] words)
    {
        var options = words.Skip(2).Where(w => w.Contains('=')).Select(w => w.Split('=')).ToDictionary(w => w[0], w => w[1]);
        string? Option(string name) => options.GetValueOrDefault(name);
        int Number(string name, int other) => Option(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : other;
        switch (words[0])
        {
            case "join":
                var protocols = (Option("protocols") ?? "range:x").Split(',').Select(p => p.Split(':'));
                _group.Join(
                    new JoinEvent(
                        Token($"join {words[1]}"), Option("id") ?? "", words[1], Option("instance"), "c", "/h",
                        Number("session", 10_000), Number("rebalance", 60_000), Option("type") ?? "consumer",
                        [.. protocols.Select(p => new GroupProtocol(p[0], Encoding.UTF8.GetBytes(p.ElementAtOrDefault(1) ?? "")))],
                        RequiresKnownId: Option("known") == "yes", SupportsSkippingAssignment: Option("skip") == "yes"),
                    _now,
                    _effects);
                break;
            case "sync":
                var assignments = (Option("assign") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(a => a.Split(':'))
                    .ToDictionary(a => a[0], a => Encoding.UTF8.GetBytes(a[1]));
                var identity = new MemberIdentity(words[1], Option("instance"), Number("generation", _group.Generation));
                _group.Sync(new SyncEvent(Token($"sync {words[1]}"), identity, null, Option("protocol"), assignments), _now, _effects);
                break;
            case "heartbeat":
                Say(_group.Heartbeat(new MemberIdentity(words[1], Option("instance"), Number("generation", _group.Generation)), _now));
                break;
            case "leave":
                Say(_group.Leave(new MemberIdentity(words[1] == "-" ? "" : words[1], Option("instance"), -1), _now, _effects));
                break;
            case "commit":
                var committer = new MemberIdentity(words[1] == "-" ? "" : words[1], null, Number("generation", -1));
                Say(_group.CheckCommit(new OffsetCommitEvent(committer, Option("txn") == "yes", false, []), _now));
                break;
            case "not-stored":
                _group.NotStored(_now, _effects);
                break;
            case "wait":
                Wait(int.Parse(words[1], CultureInfo.InvariantCulture));
                break;
            default:
                throw new ArgumentException($"no command {words[0]}");
        }
    }

    private void Wait(int milliseconds)
    {
        var until = _now + milliseconds;
        while (_group.NextDeadline <= until)
        {
            _now = Math.Max(_now, _group.NextDeadline);
            _group.Tick(_now, _effects);
            Emit(" at " + _now.ToString(CultureInfo.InvariantCulture));
        }

        _now = until;
    }

    private long Token(string what)
    {
        _tokens[++_lastToken] = what;
        return _lastToken;
    }

    private void Say(object what) => _output.Append("  ").Append(what).AppendLine();

    private void Emit(string when = "")
    {
        foreach (var reply in _effects.Replies)
        {
            Say(reply switch
            {
                JoinReply { Error: Core.Errors.ErrorCode.None } join =>
                    $"{_tokens[join.Token]}: member {join.MemberId} generation {join.Generation} protocol {join.ProtocolName} leader "
                        + $"{join.Leader}"
                    + (join.SkipAssignment ? " skip-assignment" : "")
                    + (join.Members.Count > 0 ? $" members [{string.Join(" ", join.Members.Select(Describe))}]" : ""),
                SyncReply { Error: Core.Errors.ErrorCode.None } sync =>
                    $"{_tokens[sync.Token]}: assignment '{Encoding.UTF8.GetString(sync.Assignment)}'",
                JoinReply join => $"{_tokens[join.Token]}: {join.Error} member {join.MemberId}",
                _ => $"{_tokens[reply.Token]}: {reply.Error}",
            });
        }

        var stored = _effects.Records.Count > 0 ? " stored" : "";
        if (_effects.Replies.Count + _effects.Records.Count > 0 || when.Length == 0)
        {
            Say($"[{_group.Phase} generation {_group.Generation} members {_group.Members.Count}{stored}{when}]");
        }

        _effects.Clear();
    }

    private static string Describe(JoinedMember member) => $"{member.MemberId}:{Encoding.UTF8.GetString(member.Metadata)}";
}
