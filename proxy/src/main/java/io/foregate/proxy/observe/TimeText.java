package io.foregate.proxy.observe;

import io.foregate.api.message.Octets;

/**
 * Writes points in time, UTC, without garbage: what is the same for the whole of a second is kept from one record to the next.
 *
 * <p>Owned by one format, hence by one loop.
 */
final class TimeText {
    private static final byte[][] MONTHS = {
        Octets.ascii("Jan"),
        Octets.ascii("Feb"),
        Octets.ascii("Mar"),
        Octets.ascii("Apr"),
        Octets.ascii("May"),
        Octets.ascii("Jun"),
        Octets.ascii("Jul"),
        Octets.ascii("Aug"),
        Octets.ascii("Sep"),
        Octets.ascii("Oct"),
        Octets.ascii("Nov"),
        Octets.ascii("Dec")
    };
    private static final byte[] UTC = Octets.ascii(" +0000");
    private static final long DAY_SECONDS = 86_400;
    private static final int LONGEST = 32;

    private final boolean rfc3339;
    private final byte[] second = new byte[LONGEST];
    private final ByteSink secondSink = new ByteSink();
    private int secondLength;
    private long secondEpoch = Long.MIN_VALUE;

    private TimeText(boolean rfc3339) {
        this.rfc3339 = rfc3339;
    }

    /** {@code 2026-01-31T23:59:59.999Z} (RFC 3339). */
    static TimeText rfc3339() {
        return new TimeText(true);
    }

    /** {@code 31/Jan/2026:23:59:59 +0000}, the common log format's. */
    static TimeText common() {
        return new TimeText(false);
    }

    void put(ByteSink sink, long epochMillis) {
        long epochSecond = Math.floorDiv(epochMillis, 1_000L);
        if (epochSecond != secondEpoch) {
            formatSecond(epochSecond);
        }
        System.arraycopy(second, 0, sink.array(), sink.position(), secondLength);
        sink.position(sink.position() + secondLength);
        if (rfc3339) {
            sink.put('.');
            sink.putThreeDigits((int) (epochMillis - epochSecond * 1_000));
            sink.put('Z');
        }
    }

    // The civil calendar from a count of days, by eras of 400 years that begin on 1 March, as the leap day then ends a
    // year.
    private void formatSecond(long epochSecond) {
        long days = Math.floorDiv(epochSecond, DAY_SECONDS) + 719_468;
        long era = Math.floorDiv(days, 146_097L);
        int dayOfEra = (int) (days - era * 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shiftedMonth = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
        int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        int year = (int) (era * 400 + yearOfEra + (month <= 2 ? 1 : 0));

        ByteSink sink = secondSink;
        sink.begin(second, 0);
        if (rfc3339) {
            putYear(sink, year);
            sink.put('-');
            sink.putTwoDigits(month);
            sink.put('-');
            sink.putTwoDigits(day);
            sink.put('T');
        } else {
            sink.putTwoDigits(day);
            sink.put('/');
            sink.put(MONTHS[month - 1]);
            sink.put('/');
            putYear(sink, year);
            sink.put(':');
        }
        int secondOfDay = (int) Math.floorMod(epochSecond, DAY_SECONDS);
        sink.putTwoDigits(secondOfDay / 3_600);
        sink.put(':');
        sink.putTwoDigits(secondOfDay / 60 % 60);
        sink.put(':');
        sink.putTwoDigits(secondOfDay % 60);
        if (!rfc3339) {
            sink.put(UTC);
        }
        secondLength = sink.length();
        secondEpoch = epochSecond;
    }

    private static void putYear(ByteSink sink, int year) {
        sink.putTwoDigits(year / 100);
        sink.putTwoDigits(year % 100);
    }
}
