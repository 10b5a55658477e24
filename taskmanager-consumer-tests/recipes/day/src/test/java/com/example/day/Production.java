package com.example.day;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Both recipes in one application. */
@EnableAutoConfiguration
@Import({com.example.sftp.Application.class, com.example.postgresql.Application.class})
class Production {}
