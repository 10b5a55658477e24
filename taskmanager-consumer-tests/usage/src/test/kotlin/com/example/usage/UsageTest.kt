package com.example.usage

import io.taskmanager.TaskContext
import io.taskmanager.TaskManager
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.boot.test.context.SpringBootTest
import reactor.core.publisher.Mono

/** What the pages say of Kotlin, coroutines and Reactor. */
@SpringBootTest
class UsageTest {

    @Autowired private lateinit var thumbnails: Thumbnails
    @Autowired private lateinit var reactive: ReactiveThumbnails
    @Autowired private lateinit var images: TaskManager<ImageProcessor, Any>

    private val picture = Path.of("picture")
    private val running = CountDownLatch(1)
    private val mayEnd = CountDownLatch(1)
    private val end = CompletableFuture<String>()

    @Test
    fun `a blocking call returns its answer`() {
        assertThat(thumbnails.now(picture)).asString().isEqualTo("picture")
    }

    @Test
    fun `a coroutine awaits its answer`() {
        assertThat(runBlocking { thumbnails.later(picture) }).asString().isEqualTo("picture")
    }

    @Test
    fun `a Mono has its answer`() {
        assertThat(reactive.thumbnail(picture).block()).asString().isEqualTo("picture")
    }

    @Test
    fun `a cancelled coroutine cancels its task and does not interrupt it`() {
        runBlocking {
            val job = launch(Dispatchers.IO) { images.queueTaskAsync<Unit> { context, _ -> waitIn(context) }.await() }
            running.await()
            job.cancelAndJoin()
        }
        mayEnd.countDown()

        assertThat(end.join()).isEqualTo("cancelled")
    }

    @Test
    fun `a Mono whose subscriber goes cancels its task and interrupts it`() {
        val subscription = Mono.fromFuture { images.queueTaskAsync<Unit> { context, _ -> waitIn(context) } }.subscribe()
        running.await()
        subscription.dispose()

        assertThat(end.join()).isEqualTo("interrupted")
    }

    private fun waitIn(context: TaskContext) {
        running.countDown()
        try {
            val told = mayEnd.await(20, TimeUnit.SECONDS)
            end.complete(if (told && context.isCancelled) "cancelled" else "not cancelled")
        } catch (e: InterruptedException) {
            end.complete("interrupted")
        }
    }
}
