package io.taskmanager.durable.readme;

import io.taskmanager.durable.RecurringTask;
import java.time.ZoneId;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class Covers {

    @Bean
    RecurringTask<DurableThumbnails.Picture> coverOfTheDay() {
        return RecurringTask.cron(
                "cover-of-the-day",
                DurableThumbnails.THUMBNAIL,
                () -> new DurableThumbnails.Picture("cover.jpg"),
                "0 0 3 * * *",
                ZoneId.of("Europe/Berlin"));
    }
}
