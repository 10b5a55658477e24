package io.taskmanager.spring.ui;

import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Sets the {@link PageHeaders} in a reactive server. */
final class PageHeadersWebFilter implements WebFilter {

    private final PageHeaders headers;

    PageHeadersWebFilter(PageHeaders headers) {
        this.headers = headers;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (headers.areFor(exchange.getRequest().getPath())) {
            PageHeaders.VALUES.forEach(exchange.getResponse().getHeaders()::set);
        }
        return chain.filter(exchange);
    }
}
