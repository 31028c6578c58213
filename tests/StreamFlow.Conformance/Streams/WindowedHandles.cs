using System.Text.Json;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Conformance.Streams;

/// <summary>Makes windowed streams of grouped ones.</summary>
internal static class WindowedHandles
{
    public static object Window<TKey>(GroupedHandle<TKey> grouped, JsonElement json)
    {
        var window = json.GetProperty("window");
        var emit = json.Text("emit") == "close" ? EmitStrategy.OnWindowClose : EmitStrategy.OnWindowUpdate;
        return window.Text("kind") switch
        {
            "time" or "unlimited" => new TimeWindowedHandle<TKey>(
                grouped, grouped.Grouped.WindowedBy(Time(window)).EmitStrategy(emit), Size(window)),
            "sliding" => new SlidingWindowedHandle<TKey>(
                grouped, grouped.Grouped.WindowedBy(Sliding(window)).EmitStrategy(emit), Difference(window)),
            "session" => new SessionWindowedHandle<TKey>(grouped, grouped.Grouped.WindowedBy(Session(window)).EmitStrategy(emit)),
            var kind => throw new NotSupportedException($"windows of kind '{kind}'"),
        };
    }

    public static TimeWindows Time(JsonElement window)
    {
        if (window.Text("kind") == "unlimited")
        {
            return TimeWindows.UnlimitedFrom(DateTimeOffset.UnixEpoch + window.Milliseconds("start")!.Value);
        }

        var windows = TimeWindows.OfSizeAndGrace(window.Milliseconds("size")!.Value, window.Milliseconds("grace")!.Value);
        return window.Milliseconds("advance") is { } advance ? windows.AdvanceBy(advance) : windows;
    }

    public static long Size(JsonElement window) => window.TryGetProperty("size", out var size) ? size.GetInt64() : long.MaxValue;

    public static SlidingWindows Sliding(JsonElement window) =>
        SlidingWindows.OfTimeDifferenceAndGrace(window.Milliseconds("difference")!.Value, window.Milliseconds("grace")!.Value);

    public static SessionWindows Session(JsonElement window) =>
        SessionWindows.OfInactivityGapAndGrace(window.Milliseconds("gap")!.Value, window.Milliseconds("grace")!.Value);

    public static long Difference(JsonElement window) => window.GetProperty("difference").GetInt64();
}
