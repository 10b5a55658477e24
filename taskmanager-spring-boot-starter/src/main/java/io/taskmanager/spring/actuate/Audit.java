package io.taskmanager.spring.actuate;

import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.context.ApplicationEventPublisher;

/** Writes down who changed what: in the log, and as an event that ends in the application's audit repository, if any. */
public final class Audit {

    private static final Logger log = LoggerFactory.getLogger("io.taskmanager.audit");

    private final ApplicationEventPublisher publisher;

    /** @param publisher is told of each write */
    public Audit(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    /**
     * An endpoint has done that for someone.
     *
     * @param action in lower case; the event's type is {@code TASKMANAGER_} and the action in upper case
     * @param data what it was done to, and with which values, in order; nothing that anybody can choose freely
     */
    public void written(SecurityContext security, String action, Map<String, Object> data) {
        String principal = nameOf(security);
        // The principal comes last: it may be any text, and so can't pass for one of the others.
        log.info("action={} {} principal={}", action, text(data), principal);
        String type = "TASKMANAGER_" + action.toUpperCase(Locale.ROOT);
        publisher.publishEvent(new AuditApplicationEvent(principal, type, new LinkedHashMap<>(data)));
    }

    private static String nameOf(SecurityContext security) {
        Principal principal = security.getPrincipal();
        String name = principal == null ? null : principal.getName();
        // Who can choose his name must not be able to write a line of the log.
        return name == null ? "anonymous" : name.replaceAll("\\p{Cntrl}", "?");
    }

    private static String text(Map<String, Object> data) {
        StringBuilder text = new StringBuilder();
        data.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(value));
        return text.toString();
    }
}
