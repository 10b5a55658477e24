package io.taskmanager.spring.readme;

import java.util.concurrent.CompletableFuture;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Service;

@Service
class Reports {

    /** On a worker of the manager "images", as one of its tasks; runs once, whatever it throws. */
    @Async("images")
    CompletableFuture<String> yearly() {
        return CompletableFuture.completedFuture(Thread.currentThread().getName());
    }
}
