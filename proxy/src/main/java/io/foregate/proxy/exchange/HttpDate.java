package io.foregate.proxy.exchange;

import java.nio.charset.StandardCharsets;

/** Reads dates in the three forms of RFC 9110 §5.6.7, in place and without garbage. Stateless. */
final class HttpDate {
    /** It is no date. */
    static final long NONE = Long.MIN_VALUE;

    private static final int ASCTIME_LENGTH = 24;
    private static final int SHORT_DAY_NAME = 3;
    private static final int LONGEST_DAY_NAME = 9;
    private static final int TIME_LENGTH = 8;
    private static final int DAYS_OF_400_YEARS = 146_097;
    // From the first of March of the year 0 to the first of January 1970.
    private static final int DAYS_BEFORE_1970 = 719_468;
    private static final byte[] MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec".getBytes(StandardCharsets.US_ASCII);
    private static final int[] DAYS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private HttpDate() {}

    /**
     * Seconds since 1970, or {@link #NONE}. The day of the week isn't compared with the date.
     *
     * @param nowSeconds since 1970; years of two digits are those that are no more than fifty years ahead of it
     */
    static long epochSeconds(byte[] text, int start, int length, long nowSeconds) {
        int comma = 0;
        while (comma < Math.min(length, LONGEST_DAY_NAME + 1) && text[start + comma] != ',') {
            comma++;
        }
        int at = start + comma;
        int rest = length - comma;
        if (comma == SHORT_DAY_NAME && rest == ", 06 Nov 1994 08:49:37 GMT".length()) {
            boolean apart = is(text, at, ", ") && text[at + 4] == ' ' && text[at + 8] == ' ' && text[at + 13] == ' ';
            return apart && is(text, at + 22, " GMT")
                    ? seconds(
                            number(text, at + 9, 4), month(text, at + 5), number(text, at + 2, 2), time(text, at + 14))
                    : NONE;
        }
        if (comma > SHORT_DAY_NAME && comma <= LONGEST_DAY_NAME && rest == ", 06-Nov-94 08:49:37 GMT".length()) {
            boolean apart = is(text, at, ", ") && text[at + 4] == '-' && text[at + 8] == '-' && text[at + 11] == ' ';
            int year = number(text, at + 9, 2);
            return apart && is(text, at + 20, " GMT") && year >= 0 ? ofShortYear(text, at, year, nowSeconds) : NONE;
        }
        // Sun Nov  6 08:49:37 1994
        if (length != ASCTIME_LENGTH || text[start + 3] != ' ' || text[start + 7] != ' ' || text[start + 10] != ' ') {
            return NONE;
        }
        int day = text[start + 8] == ' ' ? number(text, start + 9, 1) : number(text, start + 8, 2);
        return text[start + 19] == ' '
                ? seconds(number(text, start + 20, 4), month(text, start + 4), day, time(text, start + 11))
                : NONE;
    }

    private static long ofShortYear(byte[] text, int at, int year, long nowSeconds) {
        int month = month(text, at + 5);
        int day = number(text, at + 2, 2);
        int time = time(text, at + 12);
        // The latest one that isn't too far ahead, whichever century it is in.
        long fiftyYears = 50L * DAYS_OF_400_YEARS / 400 * 86_400;
        for (int century = 9900; century >= 1900; century -= 100) {
            long found = seconds(century + year, month, day, time);
            if (found == NONE || found <= nowSeconds + fiftyYears) {
                return found;
            }
        }
        return NONE;
    }

    private static boolean is(byte[] text, int at, String wanted) {
        for (int i = 0; i < wanted.length(); i++) {
            if (text[at + i] != wanted.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Below 0 when it is none. */
    private static int number(byte[] text, int at, int digits) {
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** From 1 to 12, or 0. */
    private static int month(byte[] text, int at) {
        for (int i = 0; i < MONTHS.length; i += 3) {
            if (text[at] == MONTHS[i] && text[at + 1] == MONTHS[i + 1] && text[at + 2] == MONTHS[i + 2]) {
                return i / 3 + 1;
            }
        }
        return 0;
    }

    /** Seconds of the day, or below 0. */
    private static int time(byte[] text, int at) {
        int hours = number(text, at, 2);
        int minutes = number(text, at + 3, 2);
        int seconds = number(text, at + TIME_LENGTH - 2, 2);
        boolean sound = text[at + 2] == ':' && text[at + 5] == ':';
        // A leap second is the 60th.
        sound &= hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds <= 60;
        return sound ? (hours * 60 + minutes) * 60 + seconds : -1;
    }

    private static long seconds(int year, int month, int day, int time) {
        if (year < 0 || month == 0 || day < 1 || day > DAYS[month - 1] || time < 0) {
            return NONE;
        }
        // Years that begin in March have the day that not all of them have at their end.
        int shifted = month > 2 ? year : year - 1;
        int fromMarch = month > 2 ? month - 3 : month + 9;
        int era = Math.floorDiv(shifted, 400);
        int yearOfEra = shifted - era * 400;
        int dayOfYear = (153 * fromMarch + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        long days = (long) era * DAYS_OF_400_YEARS + dayOfEra - DAYS_BEFORE_1970;
        return days * 86_400 + time;
    }
}
