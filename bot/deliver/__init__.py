"""What goes where and when: slots, planned deliveries, retries."""
