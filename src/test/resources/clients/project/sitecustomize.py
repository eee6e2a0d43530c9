open('/ci/cache/mark-python', 'w')
