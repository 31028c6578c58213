using System.Numerics;

namespace StreamFlow.Sql.Values;

/// <summary>An exact decimal number: <c>Unscaled / 10^Scale</c>. Equality includes the scale, comparison does not.</summary>
/// <param name="Unscaled">All digits as an integer.</param>
/// <param name="Scale">How many of the digits stand after the point, 0 or more.</param>
public readonly record struct SqlDecimal(BigInteger Unscaled, int Scale);
