package io.taskmanager.sample.photo;

import org.jspecify.annotations.Nullable;

/** Makes a name that someone sent fit to be shown. It never becomes a path. */
public final class PhotoNames {

    private static final int LONGEST = 120;

    private PhotoNames() {}

    /** The last part of the name, without control characters, cut to a sensible length; "photo" if nothing is left. */
    public static String clean(@Nullable String sent) {
        if (sent == null) {
            return "photo";
        }
        String last = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
        String shown = last.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\"]", "").strip();
        String cut = shown.codePoints()
                .limit(LONGEST)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return cut.isEmpty() || cut.matches("\\.+") ? "photo" : cut;
    }
}
