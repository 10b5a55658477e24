package com.example.usage

import io.taskmanager.TaskManager
import java.nio.file.Path
import kotlinx.coroutines.future.await
import org.springframework.stereotype.Service

@Service
class Thumbnails(private val images: TaskManager<ImageProcessor, Any>) {

    fun now(picture: Path): ByteArray =
        images.queueTaskWithPriority<ByteArray> { _, processor -> processor.thumbnail(picture) }

    suspend fun later(picture: Path): ByteArray =
        images.queueTaskAsync<ByteArray> { _, processor -> processor.thumbnail(picture) }.await()
}
