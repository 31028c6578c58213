using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Trigonometry and distances (section 17.1 of the language reference); angles are radians.</summary>
public static class TrigonometricFunctions
{
    private const string Category = "MATHEMATICAL";
    private const double EarthRadiusKilometres = 6371;
    private const double EarthRadiusMiles = 3959;

    /// <summary>Arc cosine; NaN outside [-1, 1].</summary>
    [SqlFunction("ACOS", Category = Category, Description = "Arc cosine in radians.")]
    public static double Acos(double value) => Math.Acos(value);

    /// <summary>Arc sine; NaN outside [-1, 1].</summary>
    [SqlFunction("ASIN", Category = Category, Description = "Arc sine in radians.")]
    public static double Asin(double value) => Math.Asin(value);

    /// <summary>Arc tangent.</summary>
    [SqlFunction("ATAN", Category = Category, Description = "Arc tangent in radians.")]
    public static double Atan(double value) => Math.Atan(value);

    /// <summary>Angle of the point (x, y).</summary>
    [SqlFunction("ATAN2", Category = Category, Description = "Angle of the point (x, y) in radians.")]
    public static double Atan2(double y, double x) => Math.Atan2(y, x);

    /// <summary>Cosine.</summary>
    [SqlFunction("COS", Category = Category, Description = "Cosine.")]
    public static double Cos(double value) => Math.Cos(value);

    /// <summary>Hyperbolic cosine.</summary>
    [SqlFunction("COSH", Category = Category, Description = "Hyperbolic cosine.")]
    public static double Cosh(double value) => Math.Cosh(value);

    /// <summary>Cotangent.</summary>
    [SqlFunction("COT", Category = Category, Description = "Cotangent.")]
    public static double Cot(double value) => 1.0 / Math.Tan(value);

    /// <summary>Sine.</summary>
    [SqlFunction("SIN", Category = Category, Description = "Sine.")]
    public static double Sin(double value) => Math.Sin(value);

    /// <summary>Hyperbolic sine.</summary>
    [SqlFunction("SINH", Category = Category, Description = "Hyperbolic sine.")]
    public static double Sinh(double value) => Math.Sinh(value);

    /// <summary>Tangent.</summary>
    [SqlFunction("TAN", Category = Category, Description = "Tangent.")]
    public static double Tan(double value) => Math.Tan(value);

    /// <summary>Hyperbolic tangent.</summary>
    [SqlFunction("TANH", Category = Category, Description = "Hyperbolic tangent.")]
    public static double Tanh(double value) => Math.Tanh(value);

    /// <summary>Radians to degrees.</summary>
    [SqlFunction("DEGREES", Category = Category, Description = "Radians to degrees.")]
    public static double Degrees(double radians) => radians * (180.0 / Math.PI);

    /// <summary>Degrees to radians.</summary>
    [SqlFunction("RADIANS", Category = Category, Description = "Degrees to radians.")]
    public static double Radians(double degrees) => degrees * (Math.PI / 180.0);

    /// <summary>Great-circle distance in kilometres.</summary>
    [SqlFunction("GEO_DISTANCE", Category = Category, Description = "Great-circle distance of two points given in degrees.")]
    public static double GeoDistance(double latitude1, double longitude1, double latitude2, double longitude2) =>
        GeoDistance(latitude1, longitude1, latitude2, longitude2, null);

    /// <summary>Great-circle distance in a unit: <c>km</c> (also when null or blank), <c>mi</c> and their long names.</summary>
    [SqlFunction("GEO_DISTANCE", Category = Category)]
    public static double GeoDistance(double latitude1, double longitude1, double latitude2, double longitude2, string? unit)
    {
        if (Math.Abs(latitude1) > 90 || Math.Abs(latitude2) > 90 || Math.Abs(longitude1) > 180 || Math.Abs(longitude2) > 180)
        {
            throw new SqlEvaluationException("Latitudes are between -90 and 90, longitudes between -180 and 180 degrees.");
        }

        var deltaLatitude = Radians(latitude2 - latitude1);
        var deltaLongitude = Radians(longitude2 - longitude1);
        var haversine = Square(Math.Sin(deltaLatitude / 2))
            + (Square(Math.Sin(deltaLongitude / 2)) * Math.Cos(Radians(latitude1)) * Math.Cos(Radians(latitude2)));
        return Radius(unit) * 2 * Math.Asin(Math.Sqrt(haversine));
    }

    private static double Square(double value) => value * value;

    private static double Radius(string? unit) => unit?.Trim().ToUpperInvariant() switch
    {
        null or "" or "KM" or "KILOMETER" or "KILOMETERS" or "KILOMETRE" or "KILOMETRES" => EarthRadiusKilometres,
        "MI" or "MILE" or "MILES" => EarthRadiusMiles,
        _ => throw new SqlEvaluationException($"'{unit}' is no unit of distance: use km or mi."),
    };
}
