package io.taskmanager.spring.autoconfigure;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that a misspelt one was probably meant to be. */
final class Spelling {

    private Spelling() {}

    /** " Did you mean '...'?" with the word that is closest; empty if none is close. */
    static String hint(String word, Collection<String> known) {
        return closest(word, known)
                .map(meant -> " Did you mean '" + meant + "'?")
                .orElse("");
    }

    /** The word from which this differs least, if that is in a third of its letters at most. */
    static Optional<String> closest(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .filter(candidate -> distance(word, candidate) <= Math.max(2, word.length() / 3));
    }

    /** How many letters have to be put in, left out or replaced to make one word of the other. */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
