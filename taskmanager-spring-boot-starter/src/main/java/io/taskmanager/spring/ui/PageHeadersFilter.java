package io.taskmanager.spring.ui;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Sets the {@link PageHeaders} in a servlet container. */
final class PageHeadersFilter implements Filter {

    private final PageHeaders headers;

    PageHeadersFilter(PageHeaders headers) {
        this.headers = headers;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest ofHttp
                && response instanceof HttpServletResponse answer
                && headers.areFor(ofHttp.getRequestURI())) {
            PageHeaders.VALUES.forEach(answer::setHeader);
        }
        chain.doFilter(request, response);
    }
}
