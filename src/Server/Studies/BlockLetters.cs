namespace PerceptionStudy.Server.Studies;

/// <summary>Letters of 5 x 7 squares, for words in pictures: a server need not have any fonts.</summary>
internal static class BlockLetters
{
    public const int Columns = 5, Rows = 7;

    // Seven rows from top to bottom, each a number of five bits, the highest bit on the left.
    private static readonly Dictionary<char, string> Shapes = new()
    {
        ['A'] = "0E11111F111111", ['B'] = "1E11111E11111E", ['C'] = "0E11101010110E", ['D'] = "1E11111111111E", ['E'] = "1F10101E10101F", ['F'] = "1F10101E101010",
        ['G'] = "0E11101711110E", ['H'] = "1111111F111111", ['I'] = "0E04040404040E", ['J'] = "0702020202120C", ['K'] = "11121418141211", ['L'] = "1010101010101F",
        ['M'] = "111B1515111111", ['N'] = "11191513111111", ['O'] = "0E11111111110E", ['P'] = "1E11111E101010", ['Q'] = "0E11111115120D", ['R'] = "1E11111E141211",
        ['S'] = "0F10100E01011E", ['T'] = "1F040404040404", ['U'] = "1111111111110E", ['V'] = "11111111110A04", ['W'] = "11111115151B11", ['X'] = "11110A040A1111",
        ['Y'] = "11110A04040404", ['Z'] = "1F01020408101F", ['0'] = "0E11131519110E", ['1'] = "040C040404040E", ['2'] = "0E11010204081F", ['3'] = "1F02040201110E",
        ['4'] = "02060A121F0202", ['5'] = "1F101E0101110E", ['6'] = "0608101E11110E", ['7'] = "1F010204080808", ['8'] = "0E11110E11110E", ['9'] = "0E11110F01020C",
        [' '] = "00000000000000", ['-'] = "0000001F000000", ['_'] = "0000000000001F",
    };

    public static bool CanWrite(string word) => word.Length > 0 && word.All(letter => Shapes.ContainsKey(char.ToUpperInvariant(letter)));

    /// <summary>Whether the square of a letter is dark.</summary>
    public static bool IsDark(char letter, int column, int row) =>
        (Convert.ToInt32(Shapes[char.ToUpperInvariant(letter)].Substring(2 * row, 2), 16) >> (Columns - 1 - column) & 1) == 1;
}
