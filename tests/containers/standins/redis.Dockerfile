FROM five-films-standin-servers
RUN install -d -o redis -g redis /data
WORKDIR /data
VOLUME /data
EXPOSE 6379
# The real image lets other machines in, too.
ENTRYPOINT ["sh", "-c", "exec \"$@\" --protected-mode no", "redis"]
CMD ["redis-server"]
