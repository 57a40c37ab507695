# python:3.13-slim: neither a compiler nor libgomp1, as in the real one; the headers are there.
FROM five-films-standin-python
COPY pip.conf /etc/pip.conf
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
RUN echo 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";' > /etc/apt/apt.conf.d/docker-clean \
    && rm -f /usr/lib/python3.*/EXTERNALLY-MANAGED \
    && for name in python python3; do ln -s /usr/bin/python3.13 /usr/local/bin/$name; done \
    && ln -s /usr/bin/pip3 /usr/local/bin/pip
CMD ["python3"]
