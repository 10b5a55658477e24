package io.taskmanager.benchmarks.scaling;

import io.taskmanager.benchmarks.scaling.Outcome.Moment;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * A trace as SVG: the workers of each rule over time above, the tasks that wait below. What exceeds a panel is cut off.
 * Written by hand, since it must be the same on each machine, whatever fonts that has.
 */
final class Chart {

    private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#999999");
    private static final String NEEDED_COLOUR = "#000000";

    private static final int WIDTH = 860;
    private static final int LEFT = 50;
    private static final int RIGHT = 20;
    private static final int PANEL_HEIGHT = 180;
    private static final int PANEL_DISTANCE = 40;
    private static final int TOP = 50;

    /** Ticks between two points of a line. */
    private static final int STRIDE = 5;

    private final StringBuilder svg = new StringBuilder();
    private final double length;

    private Chart(double length) {
        this.length = length;
    }

    static String of(Trace trace, Map<Rule, Outcome> outcomes) {
        return new Chart(trace.length()).draw(outcomes);
    }

    private String draw(Map<Rule, Outcome> outcomes) {
        int height = TOP + 2 * (PANEL_HEIGHT + PANEL_DISTANCE);
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">",
                WIDTH, height);
        add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, height);
        List<Outcome> all = List.copyOf(outcomes.values());
        legend(outcomes.keySet().stream().map(Rule::name).toList());
        Panel workers = new Panel("workers", TOP, Trace.MAX_WORKERS * 1.5);
        Panel backlog = new Panel(
                "tasks that wait", TOP + PANEL_HEIGHT + PANEL_DISTANCE, 1.5 * Math.max(10, peakBacklog(all.get(0))));
        for (int i = all.size() - 1; i >= 0; i--) {
            double width = i == 0 ? 2.5 : 1.2;
            workers.line(all.get(i).course(), Moment::workers, COLOURS.get(i), width, "none");
            backlog.line(all.get(i).course(), Moment::backlog, COLOURS.get(i), width, "none");
        }
        workers.line(all.get(0).course(), Moment::needed, NEEDED_COLOUR, 1.2, "4 3");
        add("</svg>");
        return svg.toString();
    }

    private static int peakBacklog(Outcome outcome) {
        return outcome.course().stream().mapToInt(Moment::backlog).max().orElse(0);
    }

    private void legend(List<String> names) {
        for (int i = 0; i <= names.size(); i++) {
            boolean isRule = i < names.size();
            int x = LEFT + i * 155;
            add(
                    "<path d=\"M%d 16h20\" stroke=\"%s\" stroke-width=\"2.5\" stroke-dasharray=\"%s\"/>",
                    x, isRule ? COLOURS.get(i) : NEEDED_COLOUR, isRule ? "none" : "4 3");
            add("<text x=\"%d\" y=\"20\">%s</text>", x + 26, isRule ? names.get(i) : "needed");
        }
    }

    private void add(String format, Object... args) {
        svg.append(String.format(Locale.ROOT, format, args)).append('\n');
    }

    private double x(double time) {
        return LEFT + time / length * (WIDTH - LEFT - RIGHT);
    }

    /** One coordinate system. */
    private final class Panel {

        private final int top;
        private final double greatest;

        Panel(String title, int top, double greatest) {
            this.top = top;
            this.greatest = greatest;
            add(
                    "<clipPath id=\"p%d\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/></clipPath>",
                    top, LEFT, top, WIDTH - LEFT - RIGHT, PANEL_HEIGHT);
            add("<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>", LEFT, top - 6, title);
            for (int value = 0; value <= greatest; value += step(greatest)) {
                add("<path d=\"M%d %.1fH%d\" stroke=\"#dddddd\"/>", LEFT, y(value), WIDTH - RIGHT);
                add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d</text>", LEFT - 6, y(value) + 4, value);
            }
            for (int time = 0; time <= length; time += step(length)) {
                add(
                        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d s</text>",
                        x(time), top + PANEL_HEIGHT + 16, time);
            }
        }

        void line(List<Moment> course, ToIntFunction<Moment> value, String colour, double width, String dashes) {
            StringBuilder path = new StringBuilder();
            for (int i = 0; i < course.size() && course.get(i).time() <= length; i += STRIDE) {
                Moment moment = course.get(i);
                path.append(String.format(
                        Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : "L", x(moment.time()), y(value.applyAsInt(moment))));
            }
            add(
                    "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-dasharray=\"%s\""
                            + " clip-path=\"url(#p%d)\"/>",
                    path, colour, width, dashes, top);
        }

        private double y(double value) {
            return top + PANEL_HEIGHT - Math.min(value / greatest, 2) * PANEL_HEIGHT;
        }

        /** A round distance that gives at most eight marks. */
        private int step(double range) {
            int step = 1;
            for (int i = 0; range / step > 8; i++) {
                step = step * (i % 3 == 1 ? 5 : 4) / 2;
            }
            return step;
        }
    }
}
