package io.foregate.control.rollout;

/** How likely it is that what was seen is chance. Stateless. */
final class Chance {
    private Chance() {}

    /**
     * The probability of {@code hits} or more among {@code tries}, where each is one with probability {@code each}: the upper tail of the
     * binomial distribution, to about nine digits.
     */
    static double ofAtLeast(long hits, long tries, double each) {
        if (hits <= 0) {
            return 1;
        }
        if (each <= 0 || hits > tries) {
            return 0;
        }
        if (each >= 1) {
            return 1;
        }
        if (hits <= tries * each) {
            // The tail is the larger part: what is below is summed up, from the top down.
            return 1 - sum(hits - 1, tries, each, false);
        }
        return sum(hits, tries, each, true);
    }

    // From one count on, until nothing is added any more.
    private static double sum(long from, long tries, double each, boolean upwards) {
        double odds = each / (1 - each);
        double term = Math.exp(logChoose(tries, from) + from * Math.log(each) + (tries - from) * Math.log1p(-each));
        double sum = 0;
        for (long k = from; k >= 0 && k <= tries && term > sum * 1e-12; k += upwards ? 1 : -1) {
            sum += term;
            term *= upwards ? odds * (tries - k) / (k + 1) : k / (odds * (tries - k + 1));
        }
        return sum;
    }

    private static double logChoose(long n, long k) {
        return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
    }

    // Stirling's series; the first few by hand, where it is too coarse.
    private static double logFactorial(long n) {
        if (n < 16) {
            double product = 1;
            for (long i = 2; i <= n; i++) {
                product *= i;
            }
            return Math.log(product);
        }
        double x = n;
        return x * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI * x) + 1 / (12 * x) - 1 / (360 * x * x * x);
    }
}
