using System.Buffers;
using System.Buffers.Text;
using System.Text;
using StreamFlow.Core.Buffers;

namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary>
/// Makes the events of the Nexmark auction world: event number e is a pure function of (seed, rate, e), 1 person, 3 auctions and
/// 46 bids in every 50. Writes each event's JSON as UTF-8 without allocating. One instance per thread.
/// </summary>
internal sealed class NexmarkGenerator
{
    /// <summary>2024-01-01T00:00:00Z, the time of event 0 (ms since 1970).</summary>
    public const long BaseTime = 1_704_067_200_000;

    private const int ColdUrls = 10_000;
    private const int FirstHotUrl = 1_000_000;

    private readonly ulong _seed;
    private readonly long _rate;
    private readonly byte[][] _hotUrls = new byte[4][];
    private readonly byte[][] _coldUrls = new byte[ColdUrls][];
    private readonly byte[] _text = new byte[1024];

    /// <summary>Creates a generator.</summary>
    /// <param name="seed">The seed of all draws.</param>
    /// <param name="rate">Events per second of event time.</param>
    public NexmarkGenerator(long seed, long rate)
    {
        _seed = (ulong)seed;
        _rate = rate;
        for (var i = 0; i < _hotUrls.Length; i++)
        {
            _hotUrls[i] = Url(FirstHotUrl + i, out _);
        }

        for (var i = 0; i < ColdUrls; i++)
        {
            _coldUrls[i] = ColdUrl(i);
        }
    }

    /// <summary>The kind of event <paramref name="e"/>.</summary>
    public static NexmarkKind KindOf(long e) => (e % 50) switch
    {
        0 => NexmarkKind.Person,
        <= 3 => NexmarkKind.Auction,
        _ => NexmarkKind.Bid,
    };

    /// <summary>The event's time (ms since 1970).</summary>
    public long TimeOf(long e) => BaseTime + (e * 1000 / _rate);

    /// <summary>The auction id of an auction event, the bid's auction of a bid.</summary>
    public long AuctionOf(long e)
    {
        if (KindOf(e) == NexmarkKind.Auction)
        {
            return 1000 + NewestAuction(e);
        }

        var draws = new NexmarkDraws(_seed, (ulong)e, (ulong)NexmarkKind.Bid);
        return DrawAuction(ref draws, e);
    }

    /// <summary>The bidder of a bid.</summary>
    public long BidderOf(long e)
    {
        var draws = new NexmarkDraws(_seed, (ulong)e, (ulong)NexmarkKind.Bid);
        DrawAuction(ref draws, e);
        return DrawBidder(ref draws, e);
    }

    /// <summary>The id of a person event.</summary>
    public static long PersonOf(long e) => 1000 + NewestPerson(e);

    /// <summary>Appends the event's JSON: no blanks, fields in the order of the workload's definition.</summary>
    public void WriteJson(long e, PooledBufferWriter output)
    {
        switch (KindOf(e))
        {
            case NexmarkKind.Person:
                WritePerson(e, output);
                break;
            case NexmarkKind.Auction:
                WriteAuction(e, output);
                break;
            default:
                WriteBid(e, output);
                break;
        }
    }

    private static long NewestPerson(long e) => e / 50;

    private static long NewestAuction(long e) => (3 * (e / 50)) + Math.Min(e % 50, 3) - 1;

    private static long AnyPerson(ref NexmarkDraws draws, long e)
    {
        var people = NewestPerson(e) + 1;
        var active = Math.Min(people, 1000);
        return people - active + draws.Below(active + 10);
    }

    private static long DrawAuction(ref NexmarkDraws draws, long e)
    {
        var newest = NewestAuction(e);
        if (draws.Below(2) > 0)
        {
            return 1000 + (newest / 100 * 100);
        }

        var first = Math.Max(newest - 100, 0);
        return 1000 + first + draws.Below(newest - first + 11);
    }

    private static long DrawBidder(ref NexmarkDraws draws, long e) =>
        1000 + (draws.Below(4) > 0 ? (NewestPerson(e) / 100 * 100) + 1 : AnyPerson(ref draws, e));

    private static long Price(ref NexmarkDraws draws)
    {
        var prices = NexmarkWords.Prices;
        var j = (int)draws.Below(prices.Length - 1);
        var fraction = (long)(draws.Next() >> 32);
        return prices[j] + (((prices[j + 1] - prices[j]) * fraction) >>> 32);
    }

    private static int Exact(ref NexmarkDraws draws, Span<byte> destination, int length)
    {
        ulong bits = 0;
        for (var i = 0; i < length; i++)
        {
            if (i % 12 == 0)
            {
                bits = draws.Next();
            }

            destination[i] = NexmarkWords.Alphabet[(int)(bits & 31)];
            bits >>= 5;
        }

        return length;
    }

    private static int Word(ref NexmarkDraws draws, Span<byte> destination, int min, int max) =>
        Exact(ref draws, destination, min + (int)draws.Below(max - min + 1));

    private static int Extra(ref NexmarkDraws draws, Span<byte> destination, int size, int average)
    {
        var room = average - size;
        if (room <= 0)
        {
            return 0;
        }

        var delta = room / 5;
        return Exact(ref draws, destination, room - delta + (delta == 0 ? 0 : (int)draws.Below(2 * delta)));
    }

    private static void Number(PooledBufferWriter output, ReadOnlySpan<byte> before, long value)
    {
        output.Write(before);
        Utf8Formatter.TryFormat(value, output.GetSpan(20), out var written);
        output.Advance(written);
    }

    private static void Text(PooledBufferWriter output, ReadOnlySpan<byte> before, ReadOnlySpan<byte> value)
    {
        output.Write(before);
        output.Write(value);
    }

    private static int Concatenate(Span<byte> destination, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        a.CopyTo(destination);
        destination[a.Length] = (byte)' ';
        b.CopyTo(destination[(a.Length + 1)..]);
        return a.Length + 1 + b.Length;
    }

    private static int CardNumber(ref NexmarkDraws draws, Span<byte> destination)
    {
        for (var group = 0; group < 4; group++)
        {
            var n = (int)draws.Below(10_000);
            Utf8Formatter.TryFormat(n, destination[(group * 5)..], out _, new StandardFormat('D', 4));
            if (group < 3)
            {
                destination[(group * 5) + 4] = (byte)' ';
            }
        }

        return 19;
    }

    private void WritePerson(long e, PooledBufferWriter output)
    {
        var draws = new NexmarkDraws(_seed, (ulong)e, (ulong)NexmarkKind.Person);
        Span<byte> text = _text;
        var first = NexmarkWords.FirstNames[(int)draws.Below(NexmarkWords.FirstNames.Length)];
        var name = text[..Concatenate(text, first, NexmarkWords.LastNames[(int)draws.Below(NexmarkWords.LastNames.Length)])];
        text = text[name.Length..];

        var at = Word(ref draws, text, 3, 6);
        text[at++] = (byte)'@';
        at += Word(ref draws, text[at..], 3, 4);
        ".com"u8.CopyTo(text[at..]);
        var email = text[..(at + 4)];
        text = text[email.Length..];

        var card = text[..CardNumber(ref draws, text)];
        text = text[card.Length..];
        var city = NexmarkWords.Cities[(int)draws.Below(NexmarkWords.Cities.Length)];
        var state = NexmarkWords.States[(int)draws.Below(NexmarkWords.States.Length)];
        var extra = text[..Extra(ref draws, text, 8 + name.Length + email.Length + card.Length + city.Length + state.Length, 200)];

        Number(output, "{\"id\":"u8, PersonOf(e));
        Text(output, ",\"name\":\""u8, name);
        Text(output, "\",\"emailAddress\":\""u8, email);
        Text(output, "\",\"creditCard\":\""u8, card);
        Text(output, "\",\"city\":\""u8, city);
        Text(output, "\",\"state\":\""u8, state);
        Number(output, "\",\"dateTime\":"u8, TimeOf(e));
        Text(output, ",\"extra\":\""u8, extra);
        output.Write("\"}"u8);
    }

    private void WriteAuction(long e, PooledBufferWriter output)
    {
        var draws = new NexmarkDraws(_seed, (ulong)e, (ulong)NexmarkKind.Auction);
        Span<byte> text = _text;
        var item = text[..Word(ref draws, text, 3, 19)];
        text = text[item.Length..];
        var description = text[..Word(ref draws, text, 3, 99)];
        text = text[description.Length..];
        var initialBid = Price(ref draws);
        var reserve = initialBid + Price(ref draws);
        var time = TimeOf(e);
        var expires = time + 1 + draws.Below(Math.Max(2 * (TimeOf(e + 1666) - time), 1));
        var seller = 1000 + (draws.Below(4) > 0 ? NewestPerson(e) / 100 * 100 : AnyPerson(ref draws, e));
        var category = 10 + draws.Below(5);
        var extra = text[..Extra(ref draws, text, 48 + item.Length + description.Length, 500)];

        Number(output, "{\"id\":"u8, 1000 + NewestAuction(e));
        Text(output, ",\"itemName\":\""u8, item);
        Text(output, "\",\"description\":\""u8, description);
        Number(output, "\",\"initialBid\":"u8, initialBid);
        Number(output, ",\"reserve\":"u8, reserve);
        Number(output, ",\"dateTime\":"u8, time);
        Number(output, ",\"expires\":"u8, expires);
        Number(output, ",\"seller\":"u8, seller);
        Number(output, ",\"category\":"u8, category);
        Text(output, ",\"extra\":\""u8, extra);
        output.Write("\"}"u8);
    }

    private void WriteBid(long e, PooledBufferWriter output)
    {
        var draws = new NexmarkDraws(_seed, (ulong)e, (ulong)NexmarkKind.Bid);
        Number(output, "{\"auction\":"u8, DrawAuction(ref draws, e));
        Number(output, ",\"bidder\":"u8, DrawBidder(ref draws, e));
        Number(output, ",\"price\":"u8, Price(ref draws));
        output.Write(",\"channel\":\""u8);
        byte[] url;
        if (draws.Below(2) > 0)
        {
            var i = (int)draws.Below(_hotUrls.Length);
            output.Write(NexmarkWords.HotChannels[i]);
            url = _hotUrls[i];
        }
        else
        {
            var i = draws.Below(ColdUrls);
            Number(output, "channel-"u8, i);
            url = _coldUrls[i];
        }

        Text(output, "\",\"url\":\""u8, url);
        Number(output, "\",\"dateTime\":"u8, TimeOf(e));
        Text(output, ",\"extra\":\""u8, _text.AsSpan(0, Extra(ref draws, _text, 32, 100)));
        output.Write("\"}"u8);
    }

    private byte[] Url(int i, out NexmarkDraws draws)
    {
        draws = new NexmarkDraws(_seed, (ulong)i, 3);
        Span<byte> directory = stackalloc byte[5];
        using var url = new PooledBufferWriter();
        url.Write("https://www.nexmark.com/"u8);
        for (var part = 0; part < 3; part++)
        {
            Exact(ref draws, directory, directory.Length);
            url.Write(directory);
            url.Write("/"u8);
        }

        url.Write("item.htm?query=1"u8);
        return url.WrittenSpan.ToArray();
    }

    private byte[] ColdUrl(int i)
    {
        var url = Url(i, out var draws);
        if (draws.Below(10) == 0)
        {
            return url;
        }

        var reversed = Reverse((uint)i);

        // The workload's definition takes the absolute value without an overflow check: -2^31 stays negative.
        var channel = unchecked(reversed < 0 ? -reversed : reversed);
        return [.. url, .. Encoding.ASCII.GetBytes($"&channel_id={channel}")];
    }

    private static int Reverse(uint value)
    {
        uint reversed = 0;
        for (var bit = 0; bit < 32; bit++)
        {
            reversed = (reversed << 1) | ((value >> bit) & 1);
        }

        return (int)reversed;
    }
}
