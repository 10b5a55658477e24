package io.taskmanager.sample.web;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says where the service can be looked at. */
@Component
final class Addresses {

    private static final Logger log = LoggerFactory.getLogger(Addresses.class);

    @EventListener
    void print(WebServerInitializedEvent event) {
        String base = "http://localhost:" + event.getWebServer().getPort();
        log.info("photos          {}/", base);
        log.info("the catalogue   {}/photos", base);
        log.info("task managers   {}/actuator/taskmanager", base);
        log.info("their page      {}/actuator/taskmanagerui", base);
        log.info("metrics         {}/actuator/prometheus", base);
    }
}
